import {
  Affected,
  ANYTHING,
  type Failure,
  HostError,
  hasChanges,
  type Listener,
  type Task,
  taskName,
} from '../../model/index.js';
import type {CompiledPlay} from '../compile/compile.js';
import {notConverged} from '../failures.js';
import {failureOf} from '../host-boundary.js';
import {type HostRun, Interrupted, type Progress, type RunControl} from '../host-run.js';
import {noteApplied} from '../lock/applied-plans.js';
import {type Locked, lockAll} from '../lock/lock.js';
import {gather} from '../plan/gather.js';
import type {Planned} from '../plan/plan-all.js';
import {planHost} from '../plan/plan-host.js';
import {applyPlay} from './apply-play.js';
import {PlayBarriers} from './play-barriers.js';

/**
 * Applies every host's plan: plays side by side on different hosts, in the order written on one, each after the plays
 * it needs and the batches before its own. A host that fails stops alone. Never rejects for a host; the events say
 * what happened.
 */
export async function applyAll(planned: readonly Planned[], control: RunControl, listener: Listener): Promise<void> {
  const runs = planned.flatMap(({run}) => run ?? []);
  const locking = lockAll(withDelegates(runs), control, onlyFor(runs, listener));
  // Every host meets the outcome on its own: a failure, or that the user stopped the run.
  await locking.catch(() => {});
  const barriers = new PlayBarriers(planned);
  await Promise.all(runs.map((run) => applyHost({run, control, listener}, barriers, locking)));
}

async function applyHost(
  given: Pick<Progress, 'run' | 'control' | 'listener'>,
  barriers: PlayBarriers,
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
    await applyPlays(progress, barriers);
  } catch (error) {
    if (isInterruption(error, control)) listener({type: 'host-interrupted', host});
    else listener({type: 'host-failed', host, failure: failureOf(error)});
  } finally {
    for (const {name} of run.plays) barriers.finish(host, name, {changed: progress.touched, failed: true});
    listener({type: 'host-finished', host, changed: progress.changed});
  }
}

async function applyPlays(progress: Progress, barriers: PlayBarriers): Promise<void> {
  const {run, control, affected, suspect} = progress;
  const host = run.host.name;
  if (control.plan !== undefined) await noteApplied(run, control.plan, control.owner, suspect);
  for (const {name, needs} of run.plays) {
    if (await barriers.enter(host, name, {needs, idle: isIdle(run, name)})) affected.add([ANYTHING]);
    await applyPlay(progress, name);
    if (progress.touched && barriers.goesInBatches(name)) await verifyPlay(progress, name);
    barriers.finish(host, name, {changed: progress.touched});
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

/** Names of the hosts on which other hosts' tasks will change something for this one. */
function delegatesOf({judged}: HostRun): readonly string[] {
  const changing = judged.tasks.filter(({verdict}) => verdict.type !== 'unchanged');
  return [...new Set(changing.flatMap(({task}) => task.delegateTo ?? []))];
}

/** What has to be locked for the run: its hosts, and those that are changed only on behalf of others. */
function withDelegates(runs: readonly HostRun[]): readonly HostRun[] {
  const locked = new Set(runs.filter(({judged}) => hasChanges(judged)).map(({host}) => host.name));
  const more = new Map<string, HostRun>();
  for (const run of runs) {
    for (const name of delegatesOf(run).filter((each) => !locked.has(each))) {
      const delegate = run.others.get(name);
      if (!delegate) continue;
      const {host, connection} = delegate;
      const tasks = run.judged.tasks.filter(({task}) => task.delegateTo === name);
      more.set(name, {
        host,
        connection,
        others: new Map(),
        plays: [],
        answers: [],
        lastRun: runs.find((each) => each.host.name === name)?.lastRun ?? '',
        judged: {host, tasks, handlers: []},
        describer: run.describer,
      });
    }
  }
  return [...runs.filter(({host}) => !more.has(host.name)), ...more.values()];
}

/** Why a host cannot be changed: it failed itself, or one did on which something is to be done for it. */
function refusalOf(run: HostRun, failures: ReadonlyMap<string, Failure>): Failure | undefined {
  const names = [run.host.name, ...delegatesOf(run)];
  return names.map((name) => failures.get(name)).find((failure) => failure !== undefined);
}

/** Leaves out events of hosts that the run is not about: nothing waits for their end. */
function onlyFor(runs: readonly HostRun[], listener: Listener): Listener {
  const names = new Set(runs.map(({host}) => host.name));
  return (event) => {
    if (names.has(event.host)) listener(event);
  };
}

/** Probes all of the host again: the plan after apply must be empty. Rejects with `HostError`. */
export async function verifyHost(progress: Progress): Promise<void> {
  const since = performance.now();
  await verify(progress, progress.run.plays);
  progress.listener({type: 'host-verified', host: progress.run.host.name, seconds: (performance.now() - since) / 1000});
}

/** The same for one play, before other hosts begin it. Rejects with `HostError`. */
export async function verifyPlay(progress: Progress, play: string): Promise<void> {
  const plays = progress.run.plays.filter(({name}) => name === play);
  await verify(progress, plays);
}

async function verify({run, excused}: Progress, plays: readonly CompiledPlay[]): Promise<void> {
  const judged = planHost(run.host, plays, await gather(run, plays));
  if (judged.failure) throw new HostError(judged.failure);
  // A task without a condition is a change every time; it says so in the plan.
  const tasks = judged.tasks.filter(({task}) => !task.always && !excused.has(task));
  const left = {...judged, tasks, handlers: judged.handlers.filter(({because}) => because === 'pending')};
  if (hasChanges(left)) {
    const differing = tasks.filter(({verdict}) => verdict.type !== 'unchanged').map(({task}) => task);
    const names = [...differing.map(taskName), ...left.handlers.map(({handler}) => `handler ${handler.id}`)];
    throw notConverged(names, differing[0]);
  }
}
