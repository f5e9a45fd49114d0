import {
  actionOf,
  type PlannedAction,
  type PlannedTask,
  type PlannedVerdict,
  paint,
  type Style,
  type StyledText,
  styled,
  taskName,
  unreachable,
} from '../../model/index.js';
import {renderDiff} from '../text/diff.js';
import {renderFailureBody} from '../text/failure.js';
import type {Detail} from '../text/options.js';
import {wrap} from '../text/text.js';

/** A planned task: its symbol and name, and below it what differs. No line when nothing does. */
export function renderTask(planned: PlannedTask, width: number, detail: Detail = 'diffs'): StyledText[] {
  if (planned.verdict.type === 'unchanged') return [];
  const {symbol, style, name, details} = partsOfTask(planned, width, detail);
  const [first = '', ...rest] = name;
  return [styled`${paint(style, symbol)} ${first}`, ...[...rest, ...details].map((line) => styled`  ${line}`)];
}

/** The parts of a rendered task. */
export interface TaskParts {
  readonly symbol: string;
  readonly style: Style;
  /** In lines. */
  readonly name: readonly string[];
  /** What differs, and notes on how the task runs. */
  readonly details: readonly StyledText[];
}

/** The parts of a task that is not unchanged; two of the columns are for its symbol. */
export function partsOfTask(planned: PlannedTask, width: number, detail: Detail = 'diffs'): TaskParts {
  const {verdict, id} = planned;
  const [symbol, style] = SYMBOLS[actionOf(verdict)];
  const notes = notesOn(planned).map((note) => paint('dim', note));
  const isShort = detail === 'brief' && verdict.type !== 'failed';
  const details = [...notes, ...(isShort ? [] : renderVerdict(verdict, id, width - 2, detail))];
  return {symbol, style, name: wrap(nameOf(planned), width - 2), details};
}

/** `file /etc/motd (the page)`. */
export const nameOf = (task: PlannedTask) =>
  task.label === undefined ? taskName(task) : `${taskName(task)} (${task.label})`;

/** What a reviewer must know about how a task runs. */
function notesOn({always, delegateTo, ignoreErrors}: PlannedTask): string[] {
  return [
    ...(delegateTo === undefined ? [] : [`on ${delegateTo}`]),
    ...(always ? ['runs at every apply'] : []),
    ...(ignoreErrors ? ['failures are ignored'] : []),
  ];
}

/** The signs of Terraform's plans. */
const SYMBOLS: Readonly<Record<PlannedAction, readonly [string, Style]>> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  delete: ['-', 'red'],
  run: ['!', 'cyan'],
  unknown: ['?', 'yellow'],
  unchanged: ['·', 'dim'],
  failed: ['✗', 'red'],
};

function renderVerdict(verdict: PlannedVerdict, id: string, width: number, detail: Detail): StyledText[] {
  switch (verdict.type) {
    case 'unchanged':
      return [];
    case 'unknown':
      return wrap(`known after apply: ${verdict.because}`, width).map((line) => paint('dim', line));
    case 'change': {
      const attributes = verdict.diff.flatMap((change) => renderDiff(change, width));
      const isShown = verdict.action === 'run' || detail === 'commands';
      return isShown ? [...renderCommands(verdict.commands, id, width), ...attributes] : attributes;
    }
    case 'failed':
      return renderFailureBody(verdict.failure, width);
    default:
      return unreachable(verdict);
  }
}

/** The commands of a task, unless its name is the command. A task that runs something always shows them. */
function renderCommands(commands: readonly string[], id: string, width: number): StyledText[] {
  return commands.filter((command) => command !== id).flatMap((command) => renderCommand(command, width));
}

/** Shell text for people, after a `$`. */
export function renderCommand(command: string, width: number): StyledText[] {
  return command
    .split('\n')
    .flatMap((line) => wrap(line, width - 2).map((part, index) => styled`${index === 0 ? '$' : ' '} ${part}`));
}
