import {
  type Action,
  actionOf,
  counted,
  hasChanges,
  joined,
  type Plan,
  paint,
  type Shown,
  type StyledText,
  styled,
} from '../../model/index.js';
import {endedLines, linesOfWords} from '../text/text.js';

/** The number of tasks of a plan by action, over all hosts. */
export interface PlanCounts extends Readonly<Record<Action, number>> {
  /** Known after apply. */
  readonly unknown: number;
  readonly unchanged: number;
  readonly handlers: number;
  /** Tasks that were skipped because of tags or conditions. */
  readonly skipped: number;
  /** Hosts for which no plan could be made. */
  readonly failed: number;
}

/** The numbers of a plan's last line. */
export function countPlan(plan: Plan): PlanCounts {
  const counts = {create: 0, update: 0, delete: 0, run: 0, unknown: 0, unchanged: 0};
  const usable = plan.hosts.filter(({failure}) => failure === undefined);
  for (const {verdict} of usable.flatMap(({tasks}) => tasks)) {
    const action = actionOf(verdict);
    if (action !== 'failed') counts[action] += 1;
  }
  const handlers = usable.reduce((sum, host) => sum + host.handlers.length, 0);
  const skipped = usable.reduce((sum, host) => sum + (host.skipped ?? []).length, 0);
  return {...counts, handlers, skipped, failed: plan.hosts.length - usable.length};
}

/** The last line of a plan (several if the width requires it). Ends with a line break. */
export function renderCounts(plan: Plan, width: number): StyledText {
  const hosts = counted(plan.hosts.length, 'host');
  const counts = countPlan(plan);
  if (counts.failed === 0 && !plan.hosts.some(hasChanges)) {
    const skipped = counts.skipped > 0 ? `; ${counted(counts.skipped, 'task')} skipped` : '';
    return styled`${paint('green', 'No changes.')} ${hosts} ${plan.hosts.length === 1 ? 'matches' : 'match'} the playbook${skipped}.\n`;
  }
  const lines = linesOfWords(partsOf(hosts, counts), width - 6).map((words) => joined(words, ' '));
  return endedLines(lines.map((line, index) => styled`${index === 0 ? paint('bold', 'Plan:') : '     '} ${line}`));
}

/** The parts of the line with their separators. No part is broken. */
function partsOf(hosts: string, counts: PlanCounts): Shown[] {
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
    ...(counts.failed > 0 ? [paint('red', `${counts.failed} failed`)] : []),
  ];
  return [[hosts], actions, ...others.map((each) => [each])].flatMap((group, at, groups) =>
    group.map((part, index) => {
      if (index < group.length - 1) return styled`${part},`;
      return at < groups.length - 1 ? styled`${part} ·` : part;
    }),
  );
}
