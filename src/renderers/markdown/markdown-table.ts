import type {HostPlan} from '../../model/index.js';
import {countPlan} from '../plan/plan-counts.js';
import {counted} from '../text/text.js';
import {code} from './markdown-text.js';

/** Characters that the table may take of a comment. */
const MOST = 20_000;

const HEAD = [
  '| Host | Create | Change | Delete | Run | After apply | Handlers | Unchanged |',
  '|---|--:|--:|--:|--:|--:|--:|--:|',
];

/** How much would happen on each host, and of hosts beyond {@link MOST} how many there are. */
export function renderTable(hosts: readonly HostPlan[]): string[] {
  const rows = hosts.map(renderRow);
  const sizes = rows.map(({length}) => length + 1);
  const fitting = rows.filter((_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0) <= MOST);
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
