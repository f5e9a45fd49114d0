import {
  type Action,
  type AttributeChange,
  Content,
  type Judged,
  type PlannedTask,
  type Task,
  taskName,
  unreachable,
  type Verdict,
} from '../model/index.js';
import {renderAttribute} from './attribute.js';
import type {Detail, Paint, Style} from './color.js';
import {renderFailureBody} from './failure.js';
import {visible, wrap} from './text.js';

/** A planned task: its symbol and name, and below it what differs. No line when nothing does. */
export function renderTask(
  {task, verdict}: PlannedTask,
  width: number,
  paint: Paint,
  detail: Detail = 'diffs',
): string[] {
  if (verdict.type === 'unchanged') return [];
  const [symbol, style] = SYMBOLS[verdict.type === 'change' ? verdict.action : verdict.type];
  const [first = '', ...rest] = wrap(visible(nameOf(task)), width - 2);
  const isShort = detail === 'brief' && verdict.type !== 'failed';
  const details = isShort ? [] : renderVerdict(verdict, task.id, width - 2, paint, detail);
  const notes = notesOn(task).map((note) => paint('dim', note));
  return [`${paint(style, symbol)} ${first}`, ...[...rest, ...notes, ...details].map((line) => `  ${line}`)];
}

const nameOf = (task: Task) => (task.label === undefined ? taskName(task) : `${taskName(task)} (${task.label})`);

/** What a reviewer must know of how it is done. */
function notesOn({always, delegateTo, ignoreErrors}: Task): string[] {
  return [
    ...(delegateTo === undefined ? [] : [`on ${visible(delegateTo)}`]),
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

function renderVerdict(verdict: Judged, id: string, width: number, paint: Paint, detail: Detail): string[] {
  switch (verdict.type) {
    case 'unchanged':
      return [];
    case 'unknown':
      return wrap(`known after apply: ${visible(verdict.because)}`, width).map((line) => paint('dim', line));
    case 'change': {
      const place = {action: verdict.action, id, width};
      const attributes = shortFirst(verdict.diff).flatMap((change) => renderAttribute(change, place, paint));
      const isShown = verdict.action === 'run' || detail === 'commands';
      return isShown ? [...renderCommands(verdict, id, width), ...attributes] : attributes;
    }
    case 'failed':
      return renderFailureBody(verdict.failure, width, paint);
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
function renderCommands({commands}: Verdict & {type: 'change'}, id: string, width: number): string[] {
  return commands
    .map(String)
    .filter((command) => command !== id)
    .flatMap((command) => renderCommand(command, width));
}

/** Shell text as people read it: each line after a `$`. */
export function renderCommand(command: string, width: number): string[] {
  return command
    .split('\n')
    .flatMap((line) => wrap(visible(line), width - 2).map((part, index) => `${index === 0 ? '$' : ' '} ${part}`));
}
