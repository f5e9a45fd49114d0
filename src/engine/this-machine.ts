import {readFileSync, readlinkSync} from 'node:fs';

/**
 * One word for this machine since it was booted, as this process sees it: process numbers mean the same wherever it is
 * equal, also beside containers. `-` where that cannot be told.
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
    // A process of another user is there too: EPERM.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
