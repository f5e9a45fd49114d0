import {HostError, taskName} from '../model/index.js';
import type {Reply} from '../shell/index.js';
import {type Batch, nextBatch} from './batch.js';
import {confirmed} from './confirmed.js';
import {exceedsPlan} from './failures.js';
import {DueHandlers} from './handlers.js';
import {type Entry, entriesOf, type Progress} from './host-run.js';
import {judge, unknowable} from './plan-host.js';
import {type Ran, runScript} from './script.js';
import {applyInTurn, pause} from './turns.js';

/**
 * One play on one host: changes in order, then the handlers that are due, each once. Rejects with `HostError`; what
 * was applied before the failure stays, and so do the notes of handlers that have not run.
 */
export async function applyPlay(progress: Progress, play: string): Promise<void> {
  const entries = entriesOf(progress.run, play);
  const handlers = new DueHandlers();
  for (const {handler} of leftOver(progress, play)) handlers.add(handler);
  const planned = handlers.size > 0 || entries.some((entry) => entry.planned.type !== 'unchanged');
  if (!planned && !progress.stale) return;
  const subject = {host: progress.run.host.name, play};
  if (planned) progress.listener({type: 'play-started', ...subject});
  await applyTasks(progress, play, entries, handlers);
  await handlers.run(progress, play);
  if (planned) progress.listener({type: 'play-finished', ...subject});
}

/** Handlers that a run which was cut off did not come to. */
function leftOver({run}: Progress, play: string) {
  return run.plan.handlers.filter((each) => each.play === play && each.because === 'pending');
}

/** Adds the handlers that changed tasks notify to `handlers`. */
async function applyTasks(progress: Progress, play: string, all: readonly Entry[], handlers: DueHandlers) {
  let entries = progress.stale ? await look(progress, play, all) : all;
  while (entries.some(({verdict}) => verdict.type !== 'unchanged')) {
    const {changes, rest} = nextBatch(entries, {single: progress.control.confirm !== undefined});
    const batch = {changes: await confirmed(progress, play, changes), rest};
    const applied = await applyInTurn(
      progress,
      batch,
      (each) => look(progress, play, each),
      (each) => applyBatch(progress, play, each),
    );
    for (const {open} of applied.begun) handlers.notifiedBy(open.task);
    entries = applied.left;
  }
}

/** What a batch came to. */
interface Applied {
  /** Changes that were made, or of which an attempt was. */
  readonly begun: readonly Entry[];
  /** What is still to be seen to, with fresh verdicts. */
  readonly left: readonly Entry[];
}

/** One script: the changes, then the probes of the rest. A change that is to be tried again is part of what is left. */
async function applyBatch(progress: Progress, play: string, {changes, rest}: Batch): Promise<Applied> {
  const {replies, again} = await runScript(progress, play, [
    ...changes.map((entry) => ({type: 'change' as const, entry})),
    ...rest.map((entry) => ({type: 'probe' as const, entry})),
  ]);
  const failed = again === undefined ? undefined : changes[again];
  if (again !== undefined && failed) {
    await pause(progress, failed.open.task.delay);
    const next = {...failed, attempts: (failed.attempts ?? 0) + 1};
    const left = await look(progress, play, [next, ...changes.slice(again + 1), ...rest]);
    return {begun: changes.slice(0, again + 1), left};
  }
  return {begun: changes, left: refreshAll(progress, play, rest, replies.slice(changes.length))};
}

/** Asks the host again. */
async function look(progress: Progress, play: string, entries: readonly Entry[]): Promise<readonly Entry[]> {
  return (await applyBatch(progress, play, {changes: [], rest: entries})).left;
}

function refreshAll(progress: Progress, play: string, entries: readonly Entry[], replies: Ran['replies']): Entry[] {
  const fresh: Entry[] = [];
  for (const [index, entry] of entries.entries()) {
    const mayResolve = fresh.some(({verdict}) => verdict.type !== 'unchanged');
    fresh.push(refresh(progress, play, entry, replies[index], mayResolve));
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
  if (entry.verdict.type !== 'unchanged' && verdict.type === 'unchanged') {
    listener({type: 'task-unchanged', host: run.host.name, play, task: taskName(task)});
  }
  return {...entry, verdict};
}
