import {
  counted,
  type HostResult,
  joined,
  paint,
  type Style,
  type StyledText,
  type Summary,
  styled,
} from '../../model/index.js';
import {DEFAULT_WIDTH, MANY, type RenderOptions} from './options.js';
import {clip, endedLines, pad, renderSeconds, widthOf} from './text.js';

/** The recap of a run: a line for each host and one for all, or only the latter. Ends with a line break. */
export function renderSummary(
  {hosts}: Summary,
  {width = DEFAULT_WIDTH, brief, condense}: SummaryStyle = {},
): StyledText {
  if (brief) return endedLines([renderTotals(hosts)]);
  const column = Math.max(0, ...hosts.map(({host}) => widthOf(host)));
  const shown = condense && hosts.length > MANY ? hosts.filter(isNotable) : hosts;
  const lines = shown.map((result) => renderHost(result, column, width));
  return endedLines([...lines, renderTotals(hosts)]);
}

export interface SummaryStyle extends RenderOptions {
  /** Only the line for all. Default false. */
  readonly brief?: boolean | undefined;
  /** With more than twenty hosts, only those on which something went wrong. Default false. */
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

function renderHost(result: HostResult, column: number, width: number): StyledText {
  const [symbol, style] = LOOKS[result.status];
  const seconds = (result.seconds > 0 ? renderSeconds(result.seconds) : '').padStart(6);
  const head = `${symbol} ${pad(result.host, column)}  ${result.status.padEnd(11)}  ${seconds}  `;
  return paint(style, `${head}${clip(storyOf(result), width - widthOf(head))}`.trimEnd());
}

function storyOf({changed, handlers, ignored, failure}: HostResult): string {
  const parts = [
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(handlers > 0 ? [counted(handlers, 'handler')] : []),
    ...(ignored.length > 0 ? [`${counted(ignored.length, 'failure')} ignored`] : []),
    ...(failure ? [failure.task ?? failure.message] : []),
  ];
  return parts.join(', ');
}

function renderTotals(hosts: readonly HostResult[]): StyledText {
  const statuses = Object.keys(LOOKS) as HostResult['status'][]; // the keys of LOOKS, which its type names
  const counts = statuses
    .map((status) => ({status, count: hosts.filter((host) => host.status === status).length}))
    .filter(({count}) => count > 0)
    .map(({status, count}) => paint(LOOKS[status][1], `${count} ${status}`));
  const changes = hosts.reduce((sum, {changed}) => sum + changed, 0);
  return styled`${paint('bold', 'Done:')} ${counted(hosts.length, 'host')} · ${joined(counts, ', ')} · ${counted(changes, 'task')} changed`;
}
