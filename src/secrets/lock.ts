import {join} from 'node:path';
import {lockFile} from '../local/lock.js';
import {privateDirectory} from '../local/write-file.js';
import {InputError} from '../model/index.js';
import {stateDirectory} from './identity.js';

/** Seconds to wait for the lock. */
const PATIENCE_SECONDS = 60;

/**
 * Runs `work` while no other infra of this machine writes secrets of the project; waits for one that does, and rejects
 * with `InputError` after a minute. The lock is on a file of the project's own directory that only its owner can open.
 */
export async function withSecretsLock<T>(root: string, work: () => Promise<T>): Promise<T> {
  const unlock = await acquire(root);
  try {
    return await work();
  } finally {
    unlock();
  }
}

async function acquire(root: string): Promise<() => void> {
  const unlock = await lock(root);
  if (unlock) return unlock;
  const message = `another infra has been writing the secrets of ${root} for ${PATIENCE_SECONDS} seconds`;
  throw new InputError([{message, hint: 'Wait until it ends, then try again.'}]);
}

async function lock(root: string): Promise<(() => void) | undefined> {
  try {
    return await lockFile(join(privateDirectory(stateDirectory(root)), 'secrets.lock'), PATIENCE_SECONDS);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const hint = `Check who owns ${stateDirectory(root)} and the file secrets.lock in it.`;
    throw new InputError([{message: `the secrets of ${root} cannot be locked: ${cause.message}`, hint}]);
  }
}
