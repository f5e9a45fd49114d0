import {counted, type Summary, summarise} from '../../model/index.js';
import {renderSeconds} from '../text/text.js';
import {PageBudget, renderChanges} from './changes.js';
import {type HostFailure, renderFailures} from './failures.js';
import {type Drawing, drawingSection, footOf, renderHead, renderPage, type Section, timeOf, typed} from './page.js';
import type {HostPart} from './parts.js';
import {partsOfRun} from './run-parts.js';
import {renderTimeLine, spansOf, type TimedRunEvent} from './time-line.js';

/** The record of a run. Times are ISO 8601 in UTC. */
export interface RecordedRun {
  readonly head: {
    readonly run: string;
    readonly started: string;
    readonly operator: string;
    readonly machine: string;
    readonly version: string;
    readonly arguments: readonly string[];
    readonly playbook: {readonly file: string; readonly name: string};
    readonly inventory: {readonly file: string};
    readonly resumes?: string | undefined;
    readonly hosts: readonly string[];
  };
  readonly tail?: {readonly ended: string; readonly exitCode: number; readonly outcome: string} | undefined;
  readonly events: readonly TimedRunEvent[];
}

/** What a page shows besides the record. */
export interface RunContext {
  readonly drawing: Drawing;
  /** The process of the run still exists. */
  readonly isRunning: boolean;
  /** Hosts that the run did not finish. */
  readonly left: readonly string[];
  /** The version of infra that makes the page. */
  readonly version: string;
}

/** A page for a run: its result, failures first, then where the time went and what changed on each host. */
export function renderRunReport(run: RecordedRun, context: RunContext): string {
  const {head, events} = run;
  const summary = summarise(events);
  const parts = partsOfRun(head.hosts, events, context.isRunning);
  const failures = failuresOf(summary);
  const budget = new PageBudget();
  const changes = renderChanges(parts, budget);
  const sections: Section[] = [
    ...(failures.length > 0 ? [{id: 'failures', title: 'Failures', body: renderFailures(failures)}] : []),
    {id: 'hosts', title: 'Hosts and their time', body: renderTimeLine(timesOf(run, parts))},
    {id: 'changes', title: 'Changes', body: changes},
    drawingSection(context.drawing),
  ];
  const title = titleOf(run, summary, context.isRunning);
  return renderPage({
    title: `${title}: run ${head.run}`,
    head: renderHead({
      kind: `infra run ${head.run}`,
      title,
      lead: leadOf(run, summary),
      notes: notesOf(head.run, context, budget),
      counts: countsOf(summary, head.hosts.length, parts),
      facts: factsOf(run),
    }),
    sections,
    foot: footOf(context.version),
  });
}

function failuresOf({hosts}: Summary): readonly HostFailure[] {
  return hosts.flatMap(({host, failure, ignored}) => [
    ...(failure ? [{host, failure, ignored: false}] : []),
    ...ignored.map((each) => ({host, failure: each, ignored: true})),
  ]);
}

function timesOf({tail, events}: RecordedRun, parts: readonly HostPart[]) {
  const end = Date.parse(tail?.ended ?? events.at(-1)?.time ?? '');
  const own = new Map<string, TimedRunEvent[]>();
  for (const event of events) own.set(event.host, [...(own.get(event.host) ?? []), event]);
  return parts.map((part) => ({part, spans: spansOf(own.get(part.host) ?? [], end)}));
}

function titleOf({head, tail}: RecordedRun, {hosts}: Summary, isRunning: boolean): string {
  const {name} = head.playbook;
  const all = counted(head.hosts.length, 'host');
  const failed = hosts.filter(({status}) => status === 'failed' || status === 'unreachable').length;
  if (tail === undefined) return isRunning ? `${name} is being applied to ${all}` : `${name} was killed`;
  if (failed > 0) return `${name} failed on ${failed} of ${all}`;
  if (tail.outcome === 'declined') return `${name} was planned and declined`;
  if (tail.outcome === 'no-changes') return `${name} had nothing to change on ${all}`;
  if (tail.outcome === 'broken-off') return `${name} ended early`;
  if (tail.exitCode === 130) return `${name} was interrupted`;
  return `${name} was applied to ${all}`;
}

function leadOf({head, tail, events}: RecordedRun, {hosts}: Summary): string {
  const changes = hosts.reduce((sum, {changed}) => sum + changed, 0);
  const last = tail?.ended ?? events.at(-1)?.time ?? head.started;
  const took = renderSeconds((Date.parse(last) - Date.parse(head.started)) / 1000);
  const code = tail === undefined ? '' : ` Exit code ${tail.exitCode}.`;
  return `${changes === 0 ? 'No task' : counted(changes, 'task')} changed something, in ${took}.${code}`;
}

function notesOf(name: string, {left, isRunning}: RunContext, budget: PageBudget): readonly string[] {
  const more = `To see them: infra runs show ${name} --output`;
  return [
    ...(left.length > 0 && !isRunning
      ? [`Not finished: ${left.join(', ')}. To continue: infra apply --resume ${name}`]
      : []),
    ...(budget.omitted > 0
      ? [`Details of ${counted(budget.omitted, 'step')} are left out to keep the page small. ${more}`]
      : []),
  ];
}

function countsOf({hosts}: Summary, total: number, parts: readonly HostPart[]): readonly (readonly [number, string])[] {
  const sum = (count: (host: Summary['hosts'][number]) => number) => hosts.reduce((all, host) => all + count(host), 0);
  const bad = sum(({status}) => Number(status !== 'ok' && status !== 'changed'));
  const rest = [
    [sum(({changed}) => changed), 'tasks changed'],
    [sum(({handlers}) => handlers), 'handlers ran'],
    [sum(({ignored}) => ignored.length), 'failures ignored'],
    [parts.reduce((all, {skipped}) => all + skipped.length, 0), 'tasks skipped'],
  ] as const;
  return [[total, 'hosts'], [bad, 'hosts failed'], ...rest.filter(([count], index) => index === 0 || count > 0)];
}

function factsOf({head, tail}: RecordedRun) {
  return [
    ['Started', timeOf(head.started)],
    ...(tail ? [['Ended', timeOf(tail.ended)] as const] : []),
    ['By', `${head.operator} on ${head.machine}, infra ${head.version}`],
    ['Playbook', typed(head.playbook.file)],
    ['Inventory', typed(head.inventory.file)],
    ['Command', typed(`infra ${head.arguments.join(' ')}`)],
    ...(head.resumes === undefined ? [] : [['Continues run', typed(head.resumes)] as const]),
  ] as const;
}
