import {once} from 'node:events';
import {createServer} from 'node:net';
import {LabError} from './error.js';

/**
 * Runs `work` while no other lab command of this machine changes the lab; throws `LabError` when one does.
 * The lock is a name in Linux's abstract socket space: the kernel drops it with the process, so it is never stale.
 */
export async function withLabLock<T>(work: () => Promise<T>): Promise<T> {
  const lock = createServer((connection) => connection.destroy());
  try {
    await once(lock.listen('\0infra-lab-lock'), 'listening');
  } catch {
    throw new LabError('busy', 'Another lab command is running on this machine', 'Wait until it ends, then try again.');
  }
  try {
    return await work();
  } finally {
    lock.close();
  }
}
