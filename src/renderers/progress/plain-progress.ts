import {stripVTControlCharacters} from 'node:util';
import {
  fileLine,
  type Listener,
  paint,
  type RunEvent,
  type Shown,
  type StyledText,
  styled,
  unreachable,
} from '../../model/index.js';
import {renderReason} from '../text/failure.js';
import {MANY} from '../text/options.js';
import {counted, pad, renderSeconds, widthOf} from '../text/text.js';

/**
 * Progress for pipes, files and CI: one plain line for everything that has happened, none for what merely begins (but
 * for plays). `hosts`: names of the hosts to come, so that the columns line up from the first line.
 */
export function plainProgress(
  write: (line: StyledText) => unknown,
  {hosts = [], verbosity = 0, clock, condense}: PlainOptions = {},
): Listener {
  const tellMore = verboseTeller(verbosity, clock);
  let column = Math.max(0, ...hosts.map(widthOf));
  const isCrowd = condense === true && hosts.length > MANY;
  return (event) => {
    if (isCrowd && USUAL.has(event.type)) return;
    const {host} = event;
    const told = tell(event);
    for (const [verb, what] of [...tellMore(event), ...(told ? [told] : [])]) {
      column = Math.max(column, widthOf(host));
      const line = styled`${pad(host, column)}  ${verb.padEnd(9)}  ${what}`.trimEnd();
      write(styled`${event.type === 'host-failed' ? paint('red', line) : line}\n`);
    }
  };
}

export interface PlainOptions {
  readonly hosts?: readonly string[] | undefined;
  /** See {@link verboseTeller}. Default 0. */
  readonly verbosity?: number | undefined;
  /** With more than twenty hosts only what ends them or went wrong. Default false. */
  readonly condense?: boolean | undefined;
  /** Milliseconds; default: of the machine. */
  readonly clock?: (() => number) | undefined;
}

/** What is left out where many hosts would tell of it. */
const USUAL = new Set<RunEvent['type']>([
  ...(['host-connected', 'host-planned', 'host-verified', 'play-started'] as const),
  ...(['task-changed', 'task-unchanged', 'handler-ran'] as const),
]);

type HostEvent = Extract<RunEvent, {readonly type: `host-${string}`}>;

/** A verb and what it is about. */
function tell(event: RunEvent): Told | undefined {
  switch (event.type) {
    case 'task-started':
    case 'handler-started':
    case 'play-finished':
    case 'output':
      return undefined;
    case 'play-started':
      return ['play', event.play];
    case 'task-changed':
      return ['changed', `${event.task} (${event.action}) ${renderSeconds(event.seconds)}`];
    case 'task-unchanged':
      return ['unchanged', event.task];
    case 'task-retried':
      return ['failed', `${event.task}, attempt ${event.attempt} of ${event.attempts} ${renderSeconds(event.seconds)}`];
    case 'task-ignored':
      return ['ignored', renderReason(event.failure)];
    case 'task-declined':
      return ['declined', event.task];
    case 'handler-ran':
      return ['ran', `${event.handler} ${renderSeconds(event.seconds)}`];
    case 'files-restored':
      return ['restored', event.paths.join(', ')];
    default:
      return tellOfHost(event);
  }
}

function tellOfHost(event: HostEvent): Told | undefined {
  switch (event.type) {
    case 'host-connecting':
      return undefined;
    case 'host-connected':
      return ['connected', renderSeconds(event.seconds)];
    case 'host-planned':
      return ['planned', `${counted(event.changes, 'change')} ${renderSeconds(event.seconds)}`];
    case 'host-verified':
      return ['verified', renderSeconds(event.seconds)];
    case 'host-waiting':
      return ['waiting', event.because];
    case 'host-interrupted':
      return ['stopped', 'before the next task; what is due stays due'];
    case 'host-failed':
      return ['failed', renderReason(event.failure)];
    case 'host-finished':
      return ['finished', `${event.changed} changed`];
    default:
      return unreachable(event);
  }
}

/** A verb or a time, and what it is about. */
type Told = readonly [string, Shown];

/**
 * What is told beside the rest with `-v`: that a task begins, and each line that it prints with the time since then;
 * with `-vv` also its commands. `clock`: milliseconds.
 */
function verboseTeller(verbosity: number, clock = () => performance.now()): (event: RunEvent) => readonly Told[] {
  const begun = new Map<string, number>();
  return (event) => {
    if (verbosity === 0) return [];
    switch (event.type) {
      case 'task-started':
      case 'handler-started': {
        begun.set(event.host, clock());
        const name = event.type === 'task-started' ? event.task : event.handler;
        const commands = verbosity > 1 ? (event.commands ?? []) : [];
        return [['begins', name], ...commands.flatMap(commandLines)];
      }
      case 'output': {
        const seconds = (clock() - (begun.get(event.host) ?? clock())) / 1000;
        return [[renderSeconds(seconds).padStart(9), styled`| ${lastState(event.text)}`]];
      }
      default:
        return [];
    }
  };
}

function commandLines(command: string): Told[] {
  return command.split('\n').map((line, index) => ['', styled`${index === 0 ? '$' : ' '} ${fileLine(line)}`]);
}

/** Without colours, and of a line that a progress display wrote over only what stayed. */
function lastState(text: string): StyledText {
  return fileLine(
    stripVTControlCharacters(text)
      .replace(/\r$/, '')
      .replace(/^.*\r(?=.)/, ''),
  );
}
