import {spawn} from 'node:child_process';
import {closeSync, constants, fchmodSync, fchownSync, openSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {errorCode} from './read-file.js';
import {userId} from './this-machine.js';

/**
 * Locks a file of this machine against other processes and waits at most `seconds` for it. Returns what unlocks it, or
 * undefined when another process still holds the lock. The file is made if it is missing, in a directory that exists;
 * only its owner can open it, so no other user can hold the lock. The kernel drops the lock with the process, so it is
 * never stale: the file stays and means nothing. Without the program `flock` (only Linux has it) nothing is locked.
 * Throws what the file system says.
 */
export async function lockFile(file: string, seconds: number): Promise<(() => void) | undefined> {
  const descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  const unlock = () => closeSync(descriptor);
  try {
    keepToOwner(descriptor, dirname(file));
    if (await flock(descriptor, seconds)) return unlock;
  } catch (error) {
    unlock();
    throw error;
  }
  unlock();
  return undefined;
}

/** A file that root makes in a directory of another user belongs to that user, who could not open it otherwise. */
function keepToOwner(descriptor: number, directory: string): void {
  fchmodSync(descriptor, 0o600);
  if (userId() !== 0) return;
  const {uid, gid} = statSync(directory);
  fchownSync(descriptor, uid, gid);
}

/**
 * Node has no flock(2). The lock belongs to the open file, which this process shares with the program: it stays when
 * the program has ended. flock(1): 1 when the time is up.
 */
function flock(descriptor: number, seconds: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const args = ['--exclusive', '--timeout', `${seconds}`, '3'];
    const child = spawn('flock', args, {stdio: ['ignore', 'ignore', 'ignore', descriptor]});
    child.on('error', (error) => (errorCode(error) === 'ENOENT' ? resolve(true) : reject(error)));
    child.on('close', (code) => {
      if (code === 0 || code === 1) resolve(code === 0);
      else reject(new Error(`flock ended with ${code ?? 'a signal'}`));
    });
  });
}

/** Runs what it is given one after another, in the order given; a failure does not stop what comes after it. */
export type Queue = <T>(begin: () => Promise<T>) => Promise<T>;

export function newQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (begin) => {
    const turn = last.then(begin, begin);
    last = turn;
    return turn;
  };
}
