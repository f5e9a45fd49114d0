import {counted, type Failure, failedTasks, type HostPlan, hasChanges, type Plan} from '../../model/index.js';
import {countPlan, type PlanCounts} from '../plan/plan-counts.js';
import {PageBudget, renderChanges} from './changes.js';
import {renderFailures} from './failures.js';
import {type Drawing, drawingSection, footOf, renderHead, renderPage, type Section, timeOf, typed} from './page.js';
import type {HostPart} from './parts.js';
import {partOfPlan} from './plan-parts.js';
import {renderTimeLine} from './time-line.js';

/** What a page shows besides the plan. */
export interface PlanContext {
  readonly file: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly madeBy: string;
  /** Names of files, where the plan has them. */
  readonly playbook?: string | undefined;
  readonly inventory?: string | undefined;
  /** The version of infra that made the plan. */
  readonly madeWith: string;
  /** Whether it was applied, or can no longer be applied. */
  readonly notes: readonly string[];
  readonly drawing: Drawing;
  /** The version of infra that makes the page. */
  readonly version: string;
}

/** A page for a saved plan: what would happen, with hosts that could not be planned first. */
export function renderPlanReport(plan: Plan, context: PlanContext): string {
  const bad = ({tone}: HostPart) => Number(tone === 'bad');
  const parts = plan.hosts.map(partOfPlan).toSorted((a, b) => bad(b) - bad(a));
  const failures = plan.hosts.flatMap((host) =>
    failuresOf(host).map((failure) => ({host: host.host.name, failure, ignored: false})),
  );
  const budget = new PageBudget();
  const changes = renderChanges(parts, budget);
  const hosts = renderTimeLine(parts.map((part) => ({part, spans: []})));
  const sections: Section[] = [
    ...(failures.length > 0 ? [{id: 'failures', title: 'Failures', body: renderFailures(failures)}] : []),
    {id: 'changes', title: 'Changes', body: changes},
    {id: 'hosts', title: 'Hosts', body: hosts},
    drawingSection(context.drawing),
  ];
  const counts = countPlan(plan);
  const title = titleOf(plan, counts);
  return renderPage({
    title,
    head: renderHead({
      kind: `infra plan ${context.file}`,
      title,
      lead: 'Making a plan changes nothing on the hosts.',
      notes: [...notesOf(counts, budget, context.file), ...context.notes],
      counts: countsOf(counts, plan.hosts.length),
      facts: factsOf(context),
    }),
    sections,
    foot: footOf(context.version),
  });
}

function failuresOf(host: HostPlan): readonly Failure[] {
  const ofTasks = failedTasks(host);
  return ofTasks.length > 0 ? ofTasks : [host.failure ?? []].flat();
}

function titleOf({playbook, hosts}: Plan, {failed}: PlanCounts): string {
  const all = counted(hosts.length, 'host');
  if (failed > 0) return `${playbook} could not be planned on ${failed} of ${all}`;
  const changing = hosts.filter(hasChanges).length;
  return changing === 0
    ? `${playbook} has nothing to change on ${all}`
    : `${playbook} would change ${changing} of ${all}`;
}

function notesOf(counts: PlanCounts, budget: PageBudget, file: string): readonly string[] {
  const more = `To see them: infra show ${file}`;
  return [
    ...(counts.delete > 0 ? [`${counted(counts.delete, 'thing')} will be deleted.`] : []),
    ...(budget.omitted > 0
      ? [`Details of ${counted(budget.omitted, 'step')} are left out to keep the page small. ${more}`]
      : []),
  ];
}

function countsOf(counts: PlanCounts, hosts: number): readonly (readonly [number, string])[] {
  const {create, update, delete: deletes, run, unknown, handlers, unchanged, skipped, failed} = counts;
  const all = [
    [hosts, 'hosts'],
    [failed, 'hosts failed'],
    [create, 'to create'],
    [update, 'to change'],
    [deletes, 'to delete'],
    [run, 'to run'],
    [unknown, 'known after apply'],
    [handlers, 'handlers'],
    [unchanged, 'unchanged'],
    [skipped, 'skipped'],
  ] as const;
  return all.filter(([count], index) => count > 0 || index === 0);
}

function factsOf({madeAt, madeBy, madeWith, playbook, inventory}: PlanContext) {
  return [
    ['Made', timeOf(madeAt)],
    ['By', `${madeBy}, infra ${madeWith}`],
    ...(playbook === undefined ? [] : [['Playbook', typed(playbook)] as const]),
    ...(inventory === undefined ? [] : [['Inventory', typed(inventory)] as const]),
  ] as const;
}
