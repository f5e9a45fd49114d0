import {HostError, hasChanges, taskName} from '../model/index.js';
import type {CompiledPlay} from './compile.js';
import {notConverged} from './failures.js';
import {gather} from './gather.js';
import type {Progress} from './host-run.js';
import {planHost} from './plan-host.js';

/** Asks the host everything once more: the plan after apply must be empty. Rejects with `HostError`. */
export async function verifyHost(progress: Progress): Promise<void> {
  const since = performance.now();
  await verify(progress, progress.run.plays);
  progress.listener({type: 'host-verified', host: progress.run.host.name, seconds: (performance.now() - since) / 1000});
}

/** The same for one play, before other hosts begin it. Rejects with `HostError`. */
export async function verifyPlay(progress: Progress, play: string): Promise<void> {
  await verify(
    progress,
    progress.run.plays.filter(({name}) => name === play),
  );
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
