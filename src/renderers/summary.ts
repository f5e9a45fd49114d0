import type {HostResult, Summary} from '../model/index.js';
import {DEFAULT_WIDTH, type Paint, paintFor, type RenderOptions, type Style} from './color.js';
import {MANY} from './many.js';
import {clip, counted, renderSeconds, visible} from './text.js';

/** The recap of a run: one line a host and one for all, or that one alone. Ends with a line break. */
export function renderSummary(
  {hosts}: Summary,
  {color, width = DEFAULT_WIDTH, brief, condense}: SummaryStyle = {},
): string {
  const paint = paintFor(color);
  if (brief) return `${renderTotals(hosts, paint)}\n`;
  const column = Math.max(0, ...hosts.map(({host}) => visible(host).length));
  const shown = condense && hosts.length > MANY ? hosts.filter(isNotable) : hosts;
  const lines = shown.map((result) => renderHost(result, column, width, paint));
  return `${[...lines, renderTotals(hosts, paint)].join('\n')}\n`;
}

export interface SummaryStyle extends RenderOptions {
  /** Only the line for all. Default false. */
  readonly brief?: boolean | undefined;
  /** Of more than twenty hosts only those on which something went wrong. Default false. */
  readonly condense?: boolean | undefined;
}

const isNotable = ({status, ignored}: HostResult) => !['ok', 'changed'].includes(status) || ignored.length > 0;

const LOOKS: Readonly<Record<HostResult['status'], readonly [string, Style]>> = {
  ok: ['✓', 'green'],
  changed: ['✓', 'yellow'],
  failed: ['✗', 'red'],
  unreachable: ['✗', 'red'],
  interrupted: ['✗', 'red'],
};

function renderHost(result: HostResult, column: number, width: number, paint: Paint): string {
  const [symbol, style] = LOOKS[result.status];
  const seconds = (result.seconds > 0 ? renderSeconds(result.seconds) : '').padStart(6);
  const head = `${symbol} ${visible(result.host).padEnd(column)}  ${result.status.padEnd(11)}  ${seconds}  `;
  return paint(style, `${head}${clip(storyOf(result), width - head.length)}`.trimEnd());
}

function storyOf({changed, handlers, ignored, failure}: HostResult): string {
  const parts = [
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(handlers > 0 ? [counted(handlers, 'handler')] : []),
    ...(ignored.length > 0 ? [`${counted(ignored.length, 'failure')} ignored`] : []),
    ...(failure ? [visible(failure.task ?? failure.message)] : []),
  ];
  return parts.join(', ');
}

function renderTotals(hosts: readonly HostResult[], paint: Paint): string {
  const statuses = Object.keys(LOOKS) as HostResult['status'][]; // the keys of LOOKS, which its type names
  const counts = statuses
    .map((status) => ({status, count: hosts.filter((host) => host.status === status).length}))
    .filter(({count}) => count > 0)
    .map(({status, count}) => paint(LOOKS[status][1], `${count} ${status}`));
  const changes = hosts.reduce((sum, {changed}) => sum + changed, 0);
  return `${paint('bold', 'Done:')} ${counted(hosts.length, 'host')} · ${counts.join(', ')} · ${counted(changes, 'task')} changed`;
}
