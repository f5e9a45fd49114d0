import type {Planned} from '../../engine/index.js';
import type {Project} from '../../local/project.js';
import {hasChanges, type RunEvent, type StyledText, summarise} from '../../model/index.js';
import {renderPlan} from '../../renderers/index.js';
import {type Console, openConsole, reportingFaults} from '../../session/console.js';
import type {HeadStart} from '../../session/head-start.js';
import {planOf, planQuietly, styleOf} from '../../session/plan-and-show.js';
import type {PlanningOptions} from '../../session/planning-options.js';
import {closeAll, loadSession, type Session} from '../../session/session.js';
import type {PlanFormat} from '../../session/show-plan.js';

/** Exit code of `plan --detailed-exitcode` when something would change, as Terraform's. */
const CHANGES_PENDING = 2;

/** The options of `plan`. */
export interface PlanOptions extends PlanningOptions {
  /** The file to save the plan in. */
  readonly out?: string;
  readonly format?: PlanFormat;
}

/** Shows what apply would do, and saves it with `--out`. Returns the exit code. */
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
  const {renderAs, renderJson} = await import('../../session/show-plan.js');
  if (format === 'markdown') return renderAs(plan, format, style);
  const [{recordPlan}, {packageVersion}] = await Promise.all([
    import('../../plans/index.js'),
    import('../../session/version.js'),
  ]);
  const {root, now} = session.project;
  const record = recordPlan(session.playbook, planned, {root, mask: session.mask});
  return renderJson(record, {infraVersion: packageVersion(), timestamp: now().toISOString()});
}

async function save(
  planned: readonly Planned[],
  file: string,
  session: Session,
  options: PlanningOptions,
  out: Console,
): Promise<void> {
  const {savePlan} = await import('./save-plan.js');
  await savePlan(planned, file, session, options);
  out.notice(`Saved in ${file}. To read it: infra show ${file}. To apply it: infra apply ${file}`);
}
