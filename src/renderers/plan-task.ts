import {
  type Action,
  type AttributeChange,
  Content,
  type Judged,
  type PlannedTask,
  paint,
  type Style,
  type StyledText,
  styled,
  type Task,
  taskName,
  unreachable,
  type Verdict,
} from '../model/index.js';
import {renderAttribute} from './attribute.js';
import type {Detail} from './color.js';
import {renderFailureBody} from './failure.js';
import {wrap} from './text.js';

/** A planned task: its symbol and name, and below it what differs. No line when nothing does. */
export function renderTask(planned: PlannedTask, width: number, detail: Detail = 'diffs'): StyledText[] {
  const {task, verdict} = planned;
  if (verdict.type === 'unchanged') return [];
  const [symbol, style] = SYMBOLS[verdict.type === 'change' ? verdict.action : verdict.type];
  const [first = '', ...rest] = wrap(nameOf(task), width - 2);
  const below = [...rest, ...renderDetails(planned, width - 2, detail)];
  return [styled`${paint(style, symbol)} ${first}`, ...below.map((line) => styled`  ${line}`)];
}

/** What stands below the name of a planned task. */
export function renderDetails({task, verdict}: PlannedTask, width: number, detail: Detail = 'diffs'): StyledText[] {
  const notes = notesOn(task).map((note) => paint('dim', note));
  const isShort = detail === 'brief' && verdict.type !== 'failed';
  return [...notes, ...(isShort ? [] : renderVerdict(verdict, task.id, width, detail))];
}

const nameOf = (task: Task) => (task.label === undefined ? taskName(task) : `${taskName(task)} (${task.label})`);

/** What a reviewer must know of how it is done. */
function notesOn({always, delegateTo, ignoreErrors}: Task): string[] {
  return [
    ...(delegateTo === undefined ? [] : [`on ${delegateTo}`]),
    ...(always ? ['runs at every apply'] : []),
    ...(ignoreErrors ? ['a failure is ignored'] : []),
  ];
}

/** Terraform's signs, known to whoever has read a plan before. */
const SYMBOLS: Readonly<Record<Action | 'unknown' | 'failed', readonly [string, Style]>> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  delete: ['-', 'red'],
  run: ['!', 'cyan'],
  unknown: ['?', 'yellow'],
  failed: ['✗', 'red'],
};

function renderVerdict(verdict: Judged, id: string, width: number, detail: Detail): StyledText[] {
  switch (verdict.type) {
    case 'unchanged':
      return [];
    case 'unknown':
      return wrap(`known after apply: ${verdict.because}`, width).map((line) => paint('dim', line));
    case 'change': {
      const place = {action: verdict.action, id, width};
      const attributes = shortFirst(verdict.diff).flatMap((change) => renderAttribute(change, place));
      const isShown = verdict.action === 'run' || detail === 'commands';
      return isShown ? [...renderCommands(verdict, id, width), ...attributes] : attributes;
    }
    case 'failed':
      return renderFailureBody(verdict.failure, width);
    default:
      return unreachable(verdict);
  }
}

/** Mode and owner before a diff, below which nobody would look for them. */
function shortFirst(diff: readonly AttributeChange[]): AttributeChange[] {
  const isLong = (change: AttributeChange) =>
    Number([change.before, change.after].some((each) => each instanceof Content));
  return diff.toSorted((left, right) => isLong(left) - isLong(right));
}

/** The commands of a task, unless its name says them already: always of one whose effect nobody can tell beforehand. */
function renderCommands({commands}: Verdict & {type: 'change'}, id: string, width: number): StyledText[] {
  return commands
    .map(String)
    .filter((command) => command !== id)
    .flatMap((command) => renderCommand(command, width));
}

/** Shell text as people read it: each line after a `$`. */
export function renderCommand(command: string, width: number): StyledText[] {
  return command
    .split('\n')
    .flatMap((line) => wrap(line, width - 2).map((part, index) => styled`${index === 0 ? '$' : ' '} ${part}`));
}
