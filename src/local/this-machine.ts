import {readFileSync, readlinkSync} from 'node:fs';
import {homedir, hostname, userInfo} from 'node:os';
import {join} from 'node:path';
import {errorCode} from './read-file.js';

/**
 * A word for this machine since it was booted, as this process sees it: process numbers mean the same wherever it is
 * equal, also with containers on the machine. `-` where it is not known.
 */
export function machineKey(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '-';
  }
}

/** Whether no process has this number on this machine. */
export function hasEnded(id: number): boolean {
  if (machineKey() === '-' || !Number.isInteger(id) || id <= 1) return false;
  try {
    process.kill(id, 0);
    return false;
  } catch (error) {
    // EPERM: it is a process of another user.
    return errorCode(error) === 'ESRCH';
  }
}

/** The number of this process. */
export const processId = process.pid;

/** The program that runs this process, Node. An absolute path. */
export const nodeProgram = process.execPath;

/** The number of the user whose rights this process has; undefined where users have none. */
export const userId = (): number | undefined => process.geteuid?.();

/** Who runs this, and where: `user@machine`. */
export const operator = (): string => `${userInfo().username}@${hostname()}`;

/** The directory for files that infra can make again, by the XDG base directory specification. */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'infra');
}
