import type {Plan, RunEvent} from '../model/index.js';
import {hasChanges, summarise} from '../model/index.js';
import {createProgress, renderPlan} from '../renderers/index.js';
import {type Console, openConsole, reportingFaults} from './console.js';
import type {HeadStart} from './head-start.js';
import {maskDeep} from './mask-deep.js';
import type {PlanFormat} from './plan-format.js';
import type {RunOptions} from './run-options.js';
import {closeAll, loadSession, planSession, type Session} from './session.js';

/** Exit code of `plan --detailed-exitcode` when something would change, as Terraform's. */
const CHANGES_PENDING = 2;

/** What `plan` takes: what shapes it, and what becomes of it. */
export interface PlanOptions extends RunOptions {
  /** The file to save the plan in. */
  readonly out?: string;
  readonly format?: PlanFormat;
}

/** Shows what apply would do, and saves it where asked to. Returns the exit code. */
export function plan(options: PlanOptions, detailed: boolean, early: HeadStart): Promise<number> {
  const {out, format} = options;
  const console = openConsole();
  return reportingFaults(
    console,
    async () => {
      if (out !== undefined) (await import('./save-plan.js')).refuseOutFile(out);
      const session = await loadSession(options, console, early);
      const events: RunEvent[] = [];
      const planned = await planQuietly(session, events);
      await closeAll(planned);
      const shown = {playbook: session.playbook, hosts: planned.map((each) => each.plan)};
      console.print(await render(shown, format, session, console));
      if (out !== undefined) await save(shown, out, session, options, console);
      const {exitCode} = summarise(events);
      return exitCode === 0 && detailed && shown.hosts.some(hasChanges) ? CHANGES_PENDING : exitCode;
    },
    options.playbook,
  );
}

async function render(plan: Plan, format: PlanFormat = 'text', session: Session, out: Console): Promise<string> {
  if (format === 'text') return renderPlan(plan, out.style);
  const [{recordPlan}, {recordingOf}, {renderRecord}, {packageVersion}] = await Promise.all([
    import('../plans/index.js'),
    import('./plan-recording.js'),
    import('./plan-format.js'),
    import('./version.js'),
  ]);
  const head = {infraVersion: packageVersion(), timestamp: new Date().toISOString()};
  return renderRecord(recordPlan(plan, recordingOf(session)), format, head, out.style);
}

async function save(plan: Plan, file: string, session: Session, options: RunOptions, out: Console): Promise<void> {
  const {savePlan} = await import('./save-plan.js');
  await savePlan(plan, file, session, options);
  out.notice(`Saved in ${file}. Look at it: infra show ${file}. Do it: infra apply ${file}`);
}

/** Progress while it reads the hosts, then the plan on standard output. `events` gets what happens. */
export async function planAndShow(session: Session, out: Console, events: EventSink) {
  const planned = await planQuietly(session, events);
  out.print(renderPlan({playbook: session.playbook, hosts: planned.map((each) => each.plan)}, out.style));
  return planned;
}

/** Takes what happens, one event after the other. */
export interface EventSink {
  push(event: RunEvent): unknown;
}

/** Progress while it reads the hosts. `events` gets what happens. */
export async function planQuietly(session: Session, events: EventSink) {
  const hosts = session.hosts.map(({name}) => name);
  // In a pipe the plan alone counts: progress would only be in the way.
  const progress = process.stderr.isTTY ? createProgress({stream: process.stderr, hosts}) : undefined;
  return planSession(session, (event) => {
    events.push(event);
    progress?.listener(maskDeep(event, session.mask));
  }).finally(() => progress?.stop());
}
