import {counted, type HostPlan, type Plan} from '../../model/index.js';
import type {Detail} from '../text/options.js';
import {type Block, blocksOf, code} from './markdown-blocks.js';
import {isWorthTelling} from './plan.js';
import {countPlan, renderCounts} from './plan-counts.js';

/** Characters of a comment: GitHub allows 65,536; the rest is for what a bot adds. */
const MOST = 65_000;

/**
 * A plan as a comment on a pull request: a line, a table by host, and what would happen on each host, folded; hosts
 * with the same changes are together. Never longer than a comment may be; what is left out is counted at the end.
 */
export function renderMarkdown(plan: Plan, detail: Detail = 'diffs'): string {
  const head = [
    `### infra plan: ${code(plan.playbook)}`,
    `**${renderCounts(plan, Number.POSITIVE_INFINITY).trimEnd()}**`,
    ...warning(plan),
    ...renderTable(plan.hosts),
  ].join('\n\n');
  const room = MOST - head.length - LONGEST_REST;
  const {shown, left} = takeWhatFits(blocksOf(plan.hosts.filter(isWorthTelling), detail), room);
  return `${[head, ...shown, ...rest(left)].join('\n\n')}\n`;
}

const LONGEST_REST = 400;

function warning(plan: Plan): string[] {
  const deletions = countPlan(plan).delete;
  return deletions === 0 ? [] : [`:warning: ${counted(deletions, 'thing')} will be **deleted**.`];
}

/** Characters of a comment that the table may take. */
const TABLE_MOST = 20_000;

const HEAD = [
  '| Host | Create | Change | Delete | Run | After apply | Handlers | Unchanged |',
  '|---|--:|--:|--:|--:|--:|--:|--:|',
];

/** The number of changes on each host; hosts beyond {@link TABLE_MOST} are only counted. */
function renderTable(hosts: readonly HostPlan[]): string[] {
  const rows = hosts.map(renderRow);
  const sizes = rows.map(({length}) => length + 1);
  const fitting = rows.filter(
    (_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0) <= TABLE_MOST,
  );
  const left = rows.length - fitting.length;
  const more = left > 0 ? [`… and ${counted(left, 'more host')} not shown.`] : [];
  return rows.length === 0 ? [] : [[...HEAD, ...fitting].join('\n'), ...more];
}

function renderRow(host: HostPlan): string {
  const counts = countPlan({playbook: '', hosts: [host]});
  const {create, update, delete: deletes, run, unknown, handlers, unchanged} = counts;
  const cells = host.failure
    ? [`:x: ${code(host.failure.reason)}`, '', '', '', '', '', '']
    : [create, update, deletes, run, unknown, handlers, unchanged].map((count) => (count === 0 ? '' : String(count)));
  return `| ${[code(host.host.name), ...cells].join(' | ')} |`;
}

/** As many blocks as fit, and of the next one as many changes as fit. */
function takeWhatFits(blocks: readonly Block[], room: number): {shown: string[]; left: Block[]} {
  const shown: string[] = [];
  let used = 0;
  for (const [index, block] of blocks.entries()) {
    const whole = block.render(block.items.length);
    if (used + whole.length + 2 <= room) {
      shown.push(whole);
      used += whole.length + 2;
      continue;
    }
    const count = mostThatFit(block, room - used);
    if (count > 0) shown.push(block.render(count));
    return {shown, left: [{...block, items: block.items.slice(count)}, ...blocks.slice(index + 1)]};
  }
  return {shown, left: []};
}

function mostThatFit(block: Block, room: number): number {
  const counts = block.items.map((_, index) => block.items.length - index);
  return counts.find((count) => block.render(count).length + 2 <= room) ?? 0;
}

function rest(left: readonly Block[]): string[] {
  if (left.length === 0) return [];
  const hosts = left.reduce((sum, block) => sum + block.hosts, 0);
  const changes = left.reduce((sum, block) => sum + block.items.length * block.hosts, 0);
  const what = `${counted(changes, 'more change')} on ${counted(hosts, 'host')} not shown`;
  return [`:scissors: **Cut here: ${what}**, because a comment cannot be longer. The table counts all of them.`];
}
