import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {realpathSync} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {InputError} from '../model/index.js';

const PATIENCE_SECONDS = 60;

/**
 * Runs `work` while no other infra of this machine writes secrets of the project; waits for one that does, and throws
 * `InputError` after a minute. The lock is a name in Linux's abstract socket space: the kernel drops it with the process,
 * so it is never stale. Other systems have no such names, and there it is not locked.
 */
export async function withSecretsLock<T>(root: string, work: () => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') return work();
  const lock = await acquire(root);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function acquire(root: string): Promise<Server> {
  const name = `\0infra-secrets-${createHash('sha256').update(realpathSync(root)).digest('hex').slice(0, 32)}`;
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  while (Date.now() < deadline) {
    const lock = await tryAcquire(name);
    if (lock) return lock;
    await sleep(50);
  }
  const message = `another infra has been writing the secrets of ${root} for ${PATIENCE_SECONDS} seconds`;
  throw new InputError([{message, hint: 'Wait until it ends, then try again.'}]);
}

async function tryAcquire(name: string): Promise<Server | undefined> {
  const lock = createServer((connection) => connection.destroy()).unref();
  try {
    await once(lock.listen(name), 'listening');
    return lock;
  } catch {
    return undefined;
  }
}
