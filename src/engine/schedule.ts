import {type Failure, HostError, type Listener} from '../model/index.js';
import {applyPlay} from './apply-play.js';
import {Gates} from './gates.js';
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
export async function applyAll(planned: readonly Planned[], owner: string, listener: Listener): Promise<void> {
  const gates = new Gates(planned);
  await Promise.all(planned.map(({run}) => run && applyHost(run, gates, owner, listener)));
}

async function applyHost(run: HostRun, gates: Gates, owner: string, listener: Listener): Promise<void> {
  const progress: Progress = {run, listener, changed: 0, touched: false, excused: new Set(), stale: false};
  const host = run.host.name;
  try {
    await lockHost(run, owner);
    for (const {name, needs} of run.plays) {
      if (await gates.enter(host, name, {needs, idle: isIdle(run, name)})) progress.stale = true;
      await applyPlay(progress, name);
      if (progress.touched && gates.goesInBatches(name)) await verifyPlay(progress, name);
      gates.finish(host, name, {changed: progress.touched});
    }
    if (progress.touched) await verifyHost(progress);
  } catch (error) {
    listener({type: 'host-failed', host, failure: failureOf(error)});
  } finally {
    for (const {name} of run.plays) gates.finish(host, name, {changed: progress.touched, failed: true});
    listener({type: 'host-finished', host, changed: progress.changed});
  }
}

function isIdle({plan}: HostRun, name: string): boolean {
  const planned = plan.tasks.some(({play, verdict}) => play === name && verdict.type !== 'unchanged');
  return !planned && plan.handlers.every(({play}) => play !== name);
}

function failureOf(error: unknown): Failure {
  if (error instanceof HostError) return error.failure;
  throw error;
}
