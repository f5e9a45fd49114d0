import type {Planned} from '../engine/index.js';
import type {Project} from '../local/project.js';
import {hasChanges, maskDeep, type Plan, type RunEvent, type StyledText, summarise} from '../model/index.js';
import {createProgress, type PlanStyle, renderPlan} from '../renderers/index.js';
import {type Console, openConsole, reportingFaults} from './console.js';
import type {HeadStart} from './head-start.js';
import {detailOf, type OutputOptions} from './output-options.js';
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
export function plan(project: Project, options: PlanOptions, detailed: boolean, early: HeadStart): Promise<number> {
  const {out} = options;
  const console = openConsole(project);
  return reportingFaults(
    console,
    async () => {
      if (out !== undefined) (await import('./save-plan.js')).refuseOutFile(out);
      const session = await loadSession(project, options, console, early);
      const events: RunEvent[] = [];
      const planned = await planQuietly(session, events, options);
      await closeAll(planned);
      console.print(await render(planned, options, session, console));
      if (out !== undefined) await save(planned, out, session, options, console);
      const {exitCode} = summarise(events);
      return exitCode === 0 && detailed && planned.some((each) => hasChanges(each.plan)) ? CHANGES_PENDING : exitCode;
    },
    options.playbook,
  );
}

async function render(
  planned: readonly Planned[],
  options: PlanOptions,
  session: Session,
  out: Console,
): Promise<StyledText> {
  const {format = 'text'} = options;
  const plan = planOf(session, planned);
  const style = styleOf(options, out);
  if (format === 'text') return renderPlan(plan, style);
  const {renderAs, renderJson} = await import('./plan-format.js');
  if (format === 'markdown') return renderAs(plan, format, style);
  const [{recordPlan}, {packageVersion}] = await Promise.all([import('../plans/index.js'), import('./version.js')]);
  const {root, now} = session.project;
  const record = recordPlan(session.playbook, planned, {root, mask: session.mask});
  return renderJson(record, {infraVersion: packageVersion(), timestamp: now().toISOString()});
}

/** What the plans of the hosts are together. */
function planOf({playbook}: Session, planned: readonly Planned[]): Plan {
  return {playbook, hosts: planned.map(({plan}) => plan)};
}

async function save(
  planned: readonly Planned[],
  file: string,
  session: Session,
  options: RunOptions,
  out: Console,
): Promise<void> {
  const {savePlan} = await import('./save-plan.js');
  await savePlan(planned, file, session, options);
  out.notice(`Saved in ${file}. Look at it: infra show ${file}. Do it: infra apply ${file}`);
}

/** Progress while it reads the hosts, then the plan on standard output. `events` gets what happens. */
export async function planAndShow(session: Session, out: Console, events: EventSink, options: OutputOptions & Asking) {
  const planned = await planQuietly(session, events, options);
  const plan = planOf(session, planned);
  if (isWorthShowing(plan, options)) out.print(renderPlan(plan, styleOf(options, out)));
  return planned;
}

export interface Asking {
  /** Nobody is asked whether the plan shall be done. */
  readonly yes?: boolean;
}

/** A quiet apply that asks nothing tells at its end all that there is to tell, unless it has nothing to do. */
export function isWorthShowing({hosts}: Plan, {quiet, yes}: OutputOptions & Asking): boolean {
  return !(quiet && yes) || !hosts.some(hasChanges);
}

/** How a plan is shown on a console: with `-v` also the stacks of code that failed. */
export function styleOf(options: OutputOptions, {style}: Console): PlanStyle {
  return {...style, detail: detailOf(options), stacks: (options.verbose ?? 0) > 0};
}

/** Takes what happens, one event after the other. */
export interface EventSink {
  push(event: RunEvent): unknown;
}

/** Progress while it reads the hosts. `events` gets what happens. */
export async function planQuietly(session: Session, events: EventSink, options: OutputOptions) {
  const hosts = session.hosts.map(({name}) => name);
  const {quiet, verbose: verbosity = 0} = options;
  const {stdout, stderr, env} = session.project;
  // In a pipe the plan alone counts: progress would only be in the way, unless it is asked for.
  const isShown = !quiet && (stderr.isTTY || verbosity > 0);
  const progress = isShown ? createProgress({stream: stderr, other: stdout, env, hosts, verbosity}) : undefined;
  return planSession(session, (event) => {
    events.push(event);
    progress?.listener(maskDeep(event, session.mask));
  }).finally(() => progress?.stop());
}
