import {lockFile} from '../../local/lock.js';
import {LabError} from '../lab.js';

/** Longer than any lab command takes, except the first build of several images. */
const MOST_SECONDS = 180;

/** Only root can open it. It is not in the lab's own directories, which `infra lab down` deletes. */
const lockPath = '/run/infra-lab.lock';

/**
 * Runs `work` while no other lab command on this machine changes the lab; waits for one that does, and throws
 * `LabError` after 180 s.
 */
export async function withLabLock<T>(report: (line: string) => void, work: () => Promise<T>): Promise<T> {
  const unlock = await acquire(report);
  try {
    return await work();
  } finally {
    unlock();
  }
}

async function acquire(report: (line: string) => void): Promise<() => void> {
  const waiting = setTimeout(() => report('Waiting for another lab command of this machine'), 2000);
  const unlock = await lockFile(lockPath, MOST_SECONDS).finally(() => clearTimeout(waiting));
  if (unlock) return unlock;
  const hint = 'Wait until it ends, then try again.';
  throw new LabError('busy', 'Another lab command has been running on this machine for 3 minutes', hint);
}
