import type {Failure} from '../model/index.js';
import type {RunOptions} from './connection.js';
import {endless, silent} from './shell-failures.js';

/** Why a script is waited for no longer, or undefined. `since`, `heardAt`: when it began, and when the host last spoke. */
export function overdue({silence, within}: RunOptions, since: number, heardAt: number): Failure | undefined {
  const now = performance.now();
  if (silence !== undefined && now - heardAt >= silence * 1000) return silent(silence);
  return within !== undefined && now - since >= within * 1000 ? endless(within) : undefined;
}
