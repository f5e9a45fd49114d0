import {HostError, hasChanges} from '../model/index.js';
import {sh} from '../shell/index.js';
import type {HostRun} from './host-run.js';
import {STATE_FOLDER} from './markers.js';

/**
 * Takes the host for this run, before its first change; a host without changes is not locked. The remote loop itself
 * holds the lock on file descriptor 9, so it ends with the connection and is never stale. `owner`: who, for the other.
 * Rejects with `HostError` `locked`, naming the holder.
 */
export async function lockHost({plan, connection}: HostRun, owner: string): Promise<void> {
  if (!hasChanges(plan)) return;
  const file = `${STATE_FOLDER}/lock`;
  const {code, stdout} = await connection.keep(sh`(umask 077 && mkdir -p ${STATE_FOLDER}) && command exec 9>>${file} &&
{ flock -n 9 && printf '%s\n' ${owner} >${file} || { cat ${file}; false; }; }`);
  if (code === 0) return;
  throw new HostError({
    reason: 'locked',
    message: `another run has the host: ${stdout.trim() || 'it does not say whose'}`,
    hint: 'Wait until it is through. The lock ends with its connection, so it cannot be left behind.',
  });
}
