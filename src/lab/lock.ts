import {once} from 'node:events';
import {createServer, type Server} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {LabError} from './error.js';

/** Longer than any lab command but the first build of several images. */
const patienceSeconds = 180;

/**
 * Runs `work` while no other lab command of this machine changes the lab; waits for one that does, and throws
 * `LabError` after 180 s. The lock is a name in Linux's abstract socket space: the kernel drops it with the process,
 * so it is never stale.
 */
export async function withLabLock<T>(report: (line: string) => void, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(report);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function acquire(report: (line: string) => void): Promise<Server> {
  const deadline = Date.now() + patienceSeconds * 1000;
  for (let tries = 0; Date.now() < deadline; tries += 1) {
    const lock = await tryAcquire();
    if (lock) return lock;
    if (tries === 4) report('Waiting for another lab command of this machine');
    await sleep(400);
  }
  const hint = 'Wait until it ends, then try again.';
  throw new LabError('busy', 'Another lab command has been running on this machine for 3 minutes', hint);
}

async function tryAcquire(): Promise<Server | undefined> {
  const lock = createServer((connection) => connection.destroy());
  try {
    await once(lock.listen('\0infra-lab-lock'), 'listening');
    return lock;
  } catch {
    return undefined;
  }
}
