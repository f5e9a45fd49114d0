import {alreadyApplied, appliedBy, type Planned} from '../../engine/index.js';
import {type Failure, styled} from '../../model/index.js';
import {findDrift, type HostOf, type PlanFile, recordPlan} from '../../plans/index.js';
import {renderFailure, renderPlan} from '../../renderers/index.js';
import type {Console} from '../../session/console.js';
import type {OutputOptions} from '../../session/output-options.js';
import {type Asking, type EventSink, isWorthShowing, planQuietly, styleOf} from '../../session/plan-and-show.js';
import type {SavedPlan} from '../../session/saved-plan/saved-plan.js';
import type {Session} from '../../session/session.js';

/**
 * Reads the hosts of a saved plan and shows it as it was saved. Hosts that have changed since, or that it was already
 * applied to, are returned as failed, so that nothing is done on them. `events` gets all events.
 */
export async function compareAndShow(
  {plan, digest}: SavedPlan,
  session: Session,
  out: Console,
  events: EventSink,
  options: OutputOptions & Asking,
) {
  const planned = await planQuietly(session, events, options);
  const now = recordPlan(session.playbook, planned, {root: session.project.root, mask: session.mask, digest});
  const compared = await Promise.all(
    planned.map(async (each, index): Promise<Planned> => {
      const host = now.hosts[index];
      const failure = host && (await obstacleOn(each, plan, {host, contents: now.contents}));
      if (failure === undefined) return each;
      events.push({type: 'host-failed', host: each.plan.host.name, failure});
      return {...each, run: undefined, plan: {host: each.plan.host, tasks: [], handlers: [], failure}};
    }),
  );
  if (isWorthShowing({playbook: session.playbook, hosts: compared.map((each) => each.plan)}, options)) {
    out.print(renderPlan(plan.plan, styleOf(options, out)));
    showObstacles(compared, planned, out);
  }
  return compared;
}

/** Why nothing may be done on a host; undefined when there is no reason, or when the host could not be read anyway. */
async function obstacleOn({run, plan}: Planned, saved: PlanFile, now: HostOf): Promise<Failure | undefined> {
  if (!run) return undefined;
  const host = saved.plan.hosts.find((each) => each.host.name === plan.host.name);
  if (host?.failure) return unplanned(host.failure.message);
  const drift = host ? findDrift({host, contents: saved.plan.contents}, now) : unplanned('it was not in the inventory');
  if (drift === undefined) return undefined;
  const claim = await appliedBy(run, saved.id);
  return claim === undefined ? drift : alreadyApplied(claim);
}

function unplanned(why: string): Failure {
  return {
    reason: 'drifted',
    message: `the plan has nothing for this host: when it was made, ${why}`,
    hint: 'Make a new plan: infra plan --out FILE',
  };
}

/** Shows before the question what keeps hosts from the plan, although the end of the run shows it again. */
function showObstacles(compared: readonly Planned[], planned: readonly Planned[], out: Console): void {
  for (const [index, {plan}] of compared.entries()) {
    if (plan.failure && plan !== planned[index]?.plan)
      out.print(styled`\n${renderFailure(plan.failure, plan.host, out.style)}`);
  }
}
