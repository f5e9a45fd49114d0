import type {Action, RunEvent, StyledText} from '../../model/index.js';
import {renderAttribute} from '../attribute.js';
import {lastLines} from '../failure.js';
import type {PlayPart, Step} from './parts.js';

/**
 * What the plays did on one host, in the order in which they did it. `events`: all of the host's. `paint`: the same for
 * all hosts of a run.
 */
export function stepsOfRun(events: readonly RunEvent[], paint = changePainter()): readonly PlayPart[] {
  const teller = new Teller(paint);
  const plays = new Map<string, Step[]>();
  for (const event of events) {
    const play = 'play' in event ? event.play : event.type === 'host-failed' ? event.failure.play : undefined;
    const step = play === undefined ? undefined : teller.hear(event);
    if (play !== undefined && step !== undefined) plays.set(play, [...(plays.get(play) ?? []), step]);
  }
  return [...plays].map(([play, steps]) => ({play, steps}));
}

/** Lines of a task's output that are shown. */
const OUTPUT_LINES = 200;

/** Commands, output and attempts come before the event that ends a step. */
class Teller {
  #name = '';
  #commands: readonly string[] = [];
  #output: string[] = [];
  #attempts = 1;
  readonly #paint: ChangePainter;

  constructor(paint: ChangePainter) {
    this.#paint = paint;
  }

  hear(event: RunEvent): Step | undefined {
    switch (event.type) {
      case 'task-started':
        return this.#begin(event.task, event.commands);
      case 'handler-started':
        return this.#begin(`handler ${event.handler}`, event.commands);
      case 'output':
        this.#output.push(event.text);
        return undefined;
      case 'task-retried':
        this.#attempts = event.attempt + 1;
        return undefined;
      case 'handler-ran':
        return this.#end({sign: '→', tone: 'changed', verb: 'ran', seconds: event.seconds});
      case 'task-ignored':
        return this.#end({sign: '!', tone: 'changed', verb: 'failed, and that is ignored', seconds: event.seconds});
      case 'task-changed':
        return this.#end(changeOf(event, this.#paint));
      case 'host-failed':
        // What failed before it was begun, or after everything, is no step.
        if (this.#name === '' || event.failure.task !== this.#name) return undefined;
        return this.#end({sign: '✗', tone: 'bad', verb: 'failed'});
      default:
        return stepWithoutBegin(event);
    }
  }

  #begin(name: string, commands: readonly string[] = []): undefined {
    if (name !== this.#name) this.#attempts = 1;
    this.#name = name;
    this.#commands = commands;
    this.#output = [];
  }

  #end({verb, ...known}: Pick<Step, 'sign' | 'tone' | 'verb'> & Partial<Step>): Step {
    const output = this.#output.length > 0 ? lastLines(this.#output.join('\n'), OUTPUT_LINES) : [];
    const again = this.#attempts > 1 ? ` at attempt ${this.#attempts}` : '';
    const step = {name: this.#name, lines: [], commands: this.#commands, output, ...known, verb: `${verb}${again}`};
    this.#begin('');
    return step;
  }
}

const DONE: Readonly<Record<Action, readonly [Step['sign'], string]>> = {
  create: ['+', 'created'],
  update: ['~', 'changed'],
  delete: ['-', 'deleted'],
  run: ['!', 'ran'],
};

type TaskChanged = Extract<RunEvent, {type: 'task-changed'}>;

/** The lines of what a task changed. */
type ChangePainter = (event: TaskChanged) => readonly StyledText[];

/** One that compares words only once where many hosts have the same change. */
export function changePainter(): ChangePainter {
  const painted = new Map<string, readonly StyledText[]>();
  return ({action, task, diff = []}) => {
    const key = JSON.stringify([action, task, diff]);
    const place = {action, id: task, width: Number.POSITIVE_INFINITY};
    const lines = painted.get(key) ?? diff.flatMap((change) => renderAttribute(change, place));
    painted.set(key, lines);
    return lines;
  };
}

function changeOf(event: TaskChanged, paint: ChangePainter) {
  const {action, task, seconds, backup} = event;
  const [sign, verb] = DONE[action];
  const lines = paint(event);
  const kept = backup === undefined ? '' : `; the old version is kept in ${backup}`;
  return {sign, tone: 'changed' as const, name: task, verb: `${verb}${kept}`, seconds, lines};
}

function stepWithoutBegin(event: RunEvent): Step | undefined {
  const plain = {lines: [], commands: [], output: []};
  switch (event.type) {
    case 'task-unchanged':
      return {...plain, sign: '·', tone: 'soft', name: event.task, verb: 'was as wished already'};
    case 'task-declined':
      return {...plain, sign: '·', tone: 'soft', name: event.task, verb: 'declined'};
    case 'files-restored': {
      const verb = `failed; put back as before: ${event.paths.join(', ')}`;
      return {...plain, sign: '!', tone: 'bad', name: `handler ${event.handler}`, verb};
    }
    default:
      return undefined;
  }
}
