import {type Action, hasChanges, type Plan, paint, type StyledText, styled} from '../model/index.js';
import {counted, endedLines, fill} from './text.js';

/** How many tasks of a plan would do what, over all hosts. */
export interface PlanCounts extends Readonly<Record<Action, number>> {
  /** Known after apply. */
  readonly unknown: number;
  readonly unchanged: number;
  readonly handlers: number;
  /** Tasks that were not looked at, as tags or conditions say. */
  readonly skipped: number;
  /** Hosts for which no plan could be made. */
  readonly failed: number;
}

/** The numbers of a plan's last line. */
export function countPlan(plan: Plan): PlanCounts {
  const counts = {create: 0, update: 0, delete: 0, run: 0, unknown: 0, unchanged: 0};
  const usable = plan.hosts.filter(({failure}) => failure === undefined);
  for (const {verdict} of usable.flatMap(({tasks}) => tasks)) {
    if (verdict.type !== 'failed') counts[verdict.type === 'change' ? verdict.action : verdict.type] += 1;
  }
  const handlers = usable.reduce((sum, host) => sum + host.handlers.length, 0);
  const skipped = usable.reduce((sum, host) => sum + (host.skipped ?? []).length, 0);
  return {...counts, handlers, skipped, failed: plan.hosts.length - usable.length};
}

/** The last line of a plan (several where the width asks for it). Ends with a line break. */
export function renderCounts(plan: Plan, width: number): StyledText {
  const hosts = counted(plan.hosts.length, 'host');
  const counts = countPlan(plan);
  if (counts.failed === 0 && !plan.hosts.some(hasChanges)) {
    const skipped = counts.skipped > 0 ? `; ${counted(counts.skipped, 'task')} skipped` : '';
    return styled`${paint('green', 'No changes.')} ${hosts} ${plan.hosts.length === 1 ? 'is' : 'are'} as described${skipped}.\n`;
  }
  const lines = fill(partsOf(hosts, counts), width - 6).map(redFailures);
  return endedLines(lines.map((line, index) => styled`${index === 0 ? paint('bold', 'Plan:') : '     '} ${line}`));
}

/** Failures are the last part. */
function redFailures(line: string): StyledText {
  const [failed = ''] = /\d+ failed$/.exec(line) ?? [];
  return styled`${line.slice(0, line.length - failed.length)}${paint('red', failed)}`;
}

/** What stands in the line, none of it to be broken, with its separator. */
function partsOf(hosts: string, counts: PlanCounts): string[] {
  const actions = [
    `${counts.create} to create`,
    `${counts.update} to change`,
    `${counts.delete} to delete`,
    ...(counts.run > 0 ? [`${counts.run} to run`] : []),
    ...(counts.unknown > 0 ? [`${counts.unknown} known after apply`] : []),
  ];
  const others = [
    ...(counts.handlers > 0 ? [counted(counts.handlers, 'handler')] : []),
    ...(counts.unchanged > 0 ? [`${counts.unchanged} unchanged`] : []),
    ...(counts.skipped > 0 ? [`${counts.skipped} skipped`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
  ];
  return [hosts, actions.join(',\n'), ...others].join(' ·\n').split('\n');
}
