import {Affected, ANYTHING, type Failure, HostError, type Listener, type Task} from '../model/index.js';
import {applyPlay} from './apply-play.js';
import {claimPlan} from './claim.js';
import {onlyOf, refusalOf, withDelegates} from './delegates.js';
import {Gates} from './gates.js';
import {failureOf} from './host-boundary.js';
import type {HostRun, Progress} from './host-run.js';
import {type Locked, lockAll} from './lock.js';
import type {Planned} from './plan-all.js';
import {Interrupted, type RunControl} from './run-control.js';
import {verifyHost, verifyPlay} from './verify.js';

/**
 * Applies every host's plan: plays side by side on different hosts, in the order written on one, each after the plays
 * it needs and the batches before its own. A host that fails stops alone. Never rejects for a host; the events tell
 * what happened.
 */
export async function applyAll(planned: readonly Planned[], control: RunControl, listener: Listener): Promise<void> {
  const runs = planned.flatMap(({run}) => run ?? []);
  const locking = lockAll(withDelegates(runs), control, onlyOf(runs, listener));
  // Every host meets the outcome on its own: a failure, or that the user stopped the run.
  await locking.catch(() => {});
  const gates = new Gates(planned);
  await Promise.all(runs.map((run) => applyHost({run, control, listener}, gates, locking)));
}

async function applyHost(
  given: Pick<Progress, 'run' | 'control' | 'listener'>,
  gates: Gates,
  locking: Promise<Locked>,
): Promise<void> {
  const state = {changed: 0, touched: false, excused: new Set<Task>(), affected: new Affected()};
  const {run, control, listener} = given;
  const host = run.host.name;
  let progress: Progress = {...given, ...state, suspect: false};
  try {
    const {failures, touched} = await locking;
    const refusal = refusalOf(run, failures);
    if (refusal) throw new HostError(refusal);
    progress = {...progress, suspect: touched.has(host)};
    await applyPlays(progress, gates);
  } catch (error) {
    if (isInterruption(error, control)) listener({type: 'host-interrupted', host});
    else listener({type: 'host-failed', host, failure: failureOf(error)});
  } finally {
    for (const {name} of run.plays) gates.finish(host, name, {changed: progress.touched, failed: true});
    listener({type: 'host-finished', host, changed: progress.changed});
  }
}

async function applyPlays(progress: Progress, gates: Gates): Promise<void> {
  const {run, control, affected, suspect} = progress;
  const host = run.host.name;
  if (control.plan !== undefined) await claimPlan(run, control.plan, control.owner, suspect);
  for (const {name, needs} of run.plays) {
    if (await gates.enter(host, name, {needs, idle: isIdle(run, name)})) affected.add([ANYTHING]);
    await applyPlay(progress, name);
    if (progress.touched && gates.goesInBatches(name)) await verifyPlay(progress, name);
    gates.finish(host, name, {changed: progress.touched});
  }
  if (progress.touched) await verifyHost(progress);
}

function isIdle({judged}: HostRun, name: string): boolean {
  const planned = judged.tasks.some(({play, verdict}) => play === name && verdict.type !== 'unchanged');
  return !planned && judged.handlers.every(({play}) => play !== name);
}

/** After the user said stop, hosts that waited for others and connections that were closed fail for no other reason. */
function isInterruption(error: unknown, {stop}: RunControl): boolean {
  if (error instanceof Interrupted) return true;
  return stop.aborted && error instanceof HostError && CUT_SHORT.has(error.failure.reason);
}

const CUT_SHORT: ReadonlySet<Failure['reason']> = new Set(['connection-lost', 'needs-failed', 'too-many-failures']);
