import type {RunEvent} from '../model/index.js';
import {hasChanges, summarise} from '../model/index.js';
import {createProgress, renderPlan} from '../renderers/index.js';
import {type Console, openConsole, reportingFaults} from './console.js';
import type {HeadStart} from './head-start.js';
import type {RunOptions} from './run-options.js';
import {closeAll, loadSession, planSession, type Session} from './session.js';

/** Exit code of `plan --detailed-exitcode` when something would change, as Terraform's. */
const CHANGES_PENDING = 2;

/** Shows what apply would do. Returns the exit code. */
export function plan(options: RunOptions, detailed: boolean, early: HeadStart): Promise<number> {
  const out = openConsole();
  return reportingFaults(
    out,
    async () => {
      const session = await loadSession(options, out, early);
      const events: RunEvent[] = [];
      const planned = await planAndShow(session, out, events);
      await closeAll(planned);
      const {exitCode} = summarise(events);
      const pending = planned.some((each) => hasChanges(each.plan));
      return exitCode === 0 && detailed && pending ? CHANGES_PENDING : exitCode;
    },
    options.playbook,
  );
}

/** Progress while it reads the hosts, then the plan on standard output. `events` collects what happens. */
export async function planAndShow(session: Session, out: Console, events: RunEvent[]) {
  const hosts = session.hosts.map(({name}) => name);
  // In a pipe the plan alone counts: progress would only be in the way.
  const progress = process.stderr.isTTY ? createProgress({stream: process.stderr, hosts}) : undefined;
  const planned = await planSession(session, (event) => {
    events.push(event);
    progress?.listener(event);
  }).finally(() => progress?.stop());
  out.print(renderPlan({playbook: session.playbook, hosts: planned.map((each) => each.plan)}, out.style));
  return planned;
}
