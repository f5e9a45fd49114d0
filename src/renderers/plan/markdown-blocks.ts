import {
  counted,
  failedTasks,
  type HostPlan,
  type PlannedTask,
  type StyledText,
  styled,
  visible,
} from '../../model/index.js';
import {renderFailure} from '../text/failure.js';
import type {Detail} from '../text/options.js';
import {failedAsWhole, notesOf} from './plan.js';
import {type PlannedPlay, playsOf, renderHandler, renderPace} from './plan-play.js';
import {partsOfTask} from './plan-task.js';

/** Hosts that have the same plan. */
export interface Block {
  /** The number of hosts. */
  readonly hosts: number;
  /** The lines of each change, handler or failure. */
  readonly items: readonly (readonly string[])[];
  /** The folded block with its first `count` items. */
  render(count: number): string;
}

/** What would happen, host by host, in the order of the plan. */
export function blocksOf(hosts: readonly HostPlan[], detail: Detail = 'diffs'): Block[] {
  const groups = new Map<string, {names: string[]; items: readonly (readonly string[])[]; host: HostPlan}>();
  for (const host of hosts) {
    const items = itemsOf(host, detail);
    const key = JSON.stringify(items);
    const group = groups.get(key) ?? {names: [], items, host};
    group.names.push(host.host.name);
    groups.set(key, group);
  }
  return [...groups.values()].map(({names, items, host}) => ({
    hosts: names.length,
    items,
    render: (count) => {
      const open = host.failure !== undefined;
      return fold(`${title(names)}: ${sumOf(host, items.length)}`, items, count, open);
    },
  }));
}

function sumOf(host: HostPlan, items: number): string {
  if (host.failure === undefined) return counted(items, 'change');
  const failed = failedTasks(host).length;
  const rest =
    failed > 0 && items > failed ? `, and ${counted(items - failed, 'change')} that will not be applied` : '';
  return `${counted(Math.max(1, failed), 'failure')}${rest}`;
}

/** Names in a title; the table has all of them. */
const NAMES = 10;

function title(names: readonly string[]): string {
  const more = names.length > NAMES ? ` and ${names.length - NAMES} more` : '';
  return `${names.slice(0, NAMES).map(code).join(', ')}${more}`;
}

function fold(summary: string, items: readonly (readonly string[])[], count: number, open: boolean): string {
  const lines = items.slice(0, count).flat();
  return `<details${open ? ' open' : ''}><summary>${summary}</summary>\n\n${fence('diff', lines)}\n\n</details>`;
}

/** Columns that a comment shows without a scroll bar. */
const WIDTH = 100;

function itemsOf(plan: HostPlan, detail: Detail): (readonly string[])[] {
  if (plan.failure && failedAsWhole(plan))
    return [linesOf(renderFailure(plan.failure, plan.host, {width: WIDTH}).lines())];
  const notes = notesOf(plan, WIDTH - 4).flatMap(({sign, lines: [first = '', ...rest]}) => [
    `${sign} ${first}`,
    ...rest,
  ]);
  return [...playsOf(plan).flatMap((play) => itemsOfPlay(play, detail)), ...(notes.length > 0 ? [notes] : [])];
}

/** Without colours, and without empty lines at the end. */
const linesOf = (lines: readonly StyledText[]) => lines.join('\n').trimEnd().split('\n');

function itemsOfPlay({play, tasks, handlers, rollout}: PlannedPlay, detail: Detail): (readonly string[])[] {
  const items = [
    ...tasks.map((task) => shorten(linesOfTask(task, detail))),
    ...handlers.map((handler) => renderHandler(handler, tasks, WIDTH, detail).map(String)),
  ];
  const head = [String(styled`# play ${play}`), ...(rollout ? [`# ${renderPace(rollout)}`] : [])];
  const [first, ...rest] = items;
  return first === undefined ? [] : [[...head, ...first], ...rest];
}

/** Signs have a meaning in a diff only in the first column; `!` is the sign for a change. */
function linesOfTask(task: PlannedTask, detail: Detail): string[] {
  const {symbol, name, details} = partsOfTask(task, WIDTH, detail);
  const [first = '', ...rest] = name;
  return [`${symbol === '~' ? '!' : symbol} ${first}`, ...rest, ...details.map(String)];
}

/** Characters of one change, so that there is room for the others. */
const LONGEST = 12_000;

function shorten(lines: readonly string[]): readonly string[] {
  let length = 0;
  const end = lines.findIndex((line) => {
    length += line.length + 1;
    return length > LONGEST;
  });
  return end < 0 ? lines : [...lines.slice(0, end), `… ${counted(lines.length - end, 'more line')} not shown`];
}

/**
 * A name as code, whatever it contains: every character that has a meaning in Markdown, HTML, a table or a mention
 * becomes an entity, which CommonMark never reads as structure.
 */
export function code(text: string): string {
  const inert = visible(text).replace(/[^A-Za-z0-9 ./-]|(?<=www)\./gu, (each) => `&#${each.codePointAt(0)};`);
  return `<code>${inert}</code>`;
}

/** Lines in a fence that is longer than any in them. */
function fence(language: string, lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []).map(({length}) => length);
  const ticks = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return [`${ticks}${language}`, ...lines, ticks].join('\n');
}
