import {setTimeout as sleep} from 'node:timers/promises';
import type {Batch} from './batch.js';
import type {Entry, Progress} from './host-run.js';
import {Interrupted} from './run-control.js';

/** Seconds before a new attempt when a task names none, as in Ansible. */
const DELAY = 5;

/** Waits before a new attempt. Rejects with `Interrupted` when the run is to stop. */
export async function pause({control}: Progress, seconds = DELAY): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, {signal: control.stop});
  } catch {
    throw new Interrupted();
  }
}

/**
 * Applies a batch. When its changes are delegated, other hosts may have changed the same thing since it was read: it
 * is read again first, and no other host's task comes in between.
 */
export function applyInTurn<T>(
  {run}: Progress,
  batch: Batch,
  look: (entries: readonly Entry[]) => Promise<readonly Entry[]>,
  apply: (batch: Batch) => Promise<T>,
): Promise<T> {
  const delegateTo = batch.changes[0]?.open.task.delegateTo;
  const delegate = delegateTo === undefined ? undefined : run.others.get(delegateTo);
  if (!delegate) return apply(batch);
  return delegate.alone(async () => {
    const fresh = await look(batch.changes);
    const changes = fresh.filter(({verdict}) => verdict.type === 'change');
    const unknown = fresh.filter(({verdict}) => verdict.type === 'unknown');
    return apply({changes, rest: [...unknown, ...batch.rest]});
  });
}
