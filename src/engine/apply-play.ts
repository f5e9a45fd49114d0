import {type Handler, HostError, taskName} from '../model/index.js';
import type {Reply} from '../shell/index.js';
import {nextBatch} from './batch.js';
import {exceedsPlan} from './failures.js';
import {type Entry, entriesOf, type Progress} from './host-run.js';
import {judge, unknowable} from './plan-host.js';
import {runScript} from './script.js';

/**
 * One play on one host: changes in order, then the handlers that are due, each once. Rejects with `HostError`; what
 * was applied before the failure stays, and so do the notes of handlers that have not run.
 */
export async function applyPlay(progress: Progress, play: string): Promise<void> {
  const entries = entriesOf(progress.run, play);
  const handlers = leftOver(progress, play);
  const planned = handlers.size > 0 || entries.some((entry) => entry.planned.type !== 'unchanged');
  if (!planned && !progress.stale) return;
  const subject = {host: progress.run.host.name, play};
  if (planned) progress.listener({type: 'play-started', ...subject});
  await applyTasks(progress, play, entries, handlers);
  await runScript(
    progress,
    play,
    [...handlers.values()].map((handler) => ({type: 'handler', handler})),
  );
  if (planned) progress.listener({type: 'play-finished', ...subject});
}

/** Handlers that a run which was cut off did not come to. */
function leftOver({run}: Progress, play: string): Map<string, Handler> {
  const pending = run.plan.handlers.filter((each) => each.play === play && each.because === 'pending');
  return new Map(pending.map(({handler}) => [handler.id, handler]));
}

/** Adds the handlers that changed tasks notify to `handlers`. */
async function applyTasks(progress: Progress, play: string, all: readonly Entry[], handlers: Map<string, Handler>) {
  let entries = progress.stale ? await applyBatch(progress, play, [], all) : all;
  while (entries.some(({verdict}) => verdict.type !== 'unchanged')) {
    const {changes, rest} = nextBatch(entries);
    entries = await applyBatch(progress, play, changes, rest);
    for (const handler of changes.flatMap(({open}) => open.task.notify)) handlers.set(handler.id, handler);
  }
}

/** One script: the changes, then the probes of the rest. Returns the rest with fresh verdicts. */
async function applyBatch(progress: Progress, play: string, changes: readonly Entry[], rest: readonly Entry[]) {
  const replies = await runScript(progress, play, [
    ...changes.map((entry) => ({type: 'change' as const, entry})),
    ...rest.map(({open}) => ({type: 'probe' as const, probe: open.question.probe})),
  ]);
  const fresh: Entry[] = [];
  for (const [index, entry] of rest.entries()) {
    const mayResolve = fresh.some(({verdict}) => verdict.type !== 'unchanged');
    fresh.push(refresh(progress, play, entry, replies[changes.length + index], mayResolve));
  }
  return fresh;
}

/**
 * A task's verdict after something changed. Anything that the plan did not announce stops the host, and so does what
 * is still unknown when no change before it is left (`mayResolve`).
 */
function refresh(
  {run, listener}: Progress,
  play: string,
  entry: Entry,
  reply: Reply | undefined,
  mayResolve: boolean,
): Entry {
  const verdict = judge(entry.open, reply);
  if (verdict.type === 'failed') throw new HostError({...verdict.failure, play});
  const {task} = entry.open;
  if (entry.planned.type === 'unchanged' && verdict.type !== 'unchanged') throw exceedsPlan(task, verdict, play);
  const stuck = mayResolve ? undefined : unknowable(verdict, task, []);
  if (stuck) throw new HostError({...stuck, play});
  if (entry.verdict.type === 'unknown' && verdict.type === 'unchanged') {
    listener({type: 'task-unchanged', host: run.host.name, play, task: taskName(task)});
  }
  return {...entry, verdict};
}
