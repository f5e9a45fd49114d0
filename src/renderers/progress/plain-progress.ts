import {stripVTControlCharacters} from 'node:util';
import {
  counted,
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
import {pad, renderSeconds, widthOf} from '../text/text.js';

/**
 * Progress for pipes, files and CI: a plain line for everything that has happened, and none for what begins, except for
 * plays. `hosts`: names of the expected hosts, so that the columns are aligned from the first line.
 */
export function plainProgress(
  write: (line: StyledText) => unknown,
  {hosts = [], verbosity = 0, clock, condense}: PlainOptions = {},
): Listener {
  const verbose = verboseLines(verbosity, clock);
  let column = Math.max(0, ...hosts.map(widthOf));
  const isCondensed = condense === true && hosts.length > MANY;
  return (event) => {
    if (isCondensed && USUAL.has(event.type)) return;
    const {host} = event;
    const line = lineOf(event);
    for (const [verb, what] of [...verbose(event), ...(line ? [line] : [])]) {
      column = Math.max(column, widthOf(host));
      const text = styled`${pad(host, column)}  ${verb.padEnd(9)}  ${what}`.trimEnd();
      write(styled`${event.type === 'host-failed' ? paint('red', text) : text}\n`);
    }
  };
}

export interface PlainOptions {
  readonly hosts?: readonly string[] | undefined;
  /** See {@link verboseLines}. Default 0. */
  readonly verbosity?: number | undefined;
  /** With more than twenty hosts, only how each ends and what went wrong. Default false. */
  readonly condense?: boolean | undefined;
  /** Gives milliseconds. Default: the clock of this machine. */
  readonly clock?: (() => number) | undefined;
}

/** Events that are left out when there are many hosts. */
const USUAL = new Set<RunEvent['type']>([
  ...(['host-connected', 'host-planned', 'host-verified', 'play-started'] as const),
  ...(['task-changed', 'task-unchanged', 'handler-ran'] as const),
]);

type HostEvent = Extract<RunEvent, {readonly type: `host-${string}`}>;

/** A verb and its object. */
function lineOf(event: RunEvent): ProgressLine | undefined {
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
      return hostLineOf(event);
  }
}

function hostLineOf(event: HostEvent): ProgressLine | undefined {
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
      return ['stopped', 'before the next task; handlers that are due stay due'];
    case 'host-failed':
      return ['failed', renderReason(event.failure)];
    case 'host-finished':
      return ['finished', `${event.changed} changed`];
    default:
      return unreachable(event);
  }
}

/** A verb or a time, and its object. */
type ProgressLine = readonly [string, Shown];

/**
 * The additional lines with `-v`: that a task begins, and each line that it prints, with the time since then; with
 * `-vv` also its commands. `clock`: gives milliseconds.
 */
function verboseLines(
  verbosity: number,
  clock = () => performance.now(),
): (event: RunEvent) => readonly ProgressLine[] {
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

function commandLines(command: string): ProgressLine[] {
  return command.split('\n').map((line, index) => ['', styled`${index === 0 ? '$' : ' '} ${fileLine(line)}`]);
}

/** Text without colours; of a line that a progress display overwrote, what is left. */
function lastState(text: string): StyledText {
  return fileLine(
    stripVTControlCharacters(text)
      .replace(/\r$/, '')
      .replace(/^.*\r(?=.)/, ''),
  );
}
