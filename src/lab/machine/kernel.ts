import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {LabPaths} from '../lab.js';
import {run} from './run.js';

const limitFile = '/proc/sys/fs/inotify/max_user_instances';

/** A host's systemd and services hold about 8 inotify instances, all root's; Linux allows 128 by default. */
const raisedLimit = 1024;

/**
 * Raises the limit for many hosts: with the kernel's default the 15th host's process 1 ends with 255 and no message.
 */
export async function raiseInotifyLimit(paths: LabPaths): Promise<void> {
  const limit = Number(await readFile(limitFile, 'utf8'));
  if (limit >= raisedLimit) return;
  await writeFile(recordOf(paths), `${limit}\n`);
  await writeFile(limitFile, `${raisedLimit}`);
}

/** Restores the machine's limit if the lab raised it and it was not changed since. */
export async function restoreInotifyLimit(paths: LabPaths): Promise<void> {
  const former = await readFile(recordOf(paths), 'utf8').catch(() => '');
  const limit = Number(await readFile(limitFile, 'utf8'));
  if (former && limit === raisedLimit) await writeFile(limitFile, former.trim());
}

function recordOf(paths: LabPaths) {
  return join(paths.state, 'inotify-limit');
}

/**
 * Kills the processes that are left in the control group of one host, or of the whole lab, and removes the group. Only
 * the lab puts processes there, so this ends no others, even when every record is lost.
 */
export async function clearControlGroup(host?: string): Promise<void> {
  const group = host ? `infra-lab/${host}` : 'infra-lab';
  await run('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', clearScript, 'clear', group]);
}

// cgroup2 is mounted over whatever the machine has, as for booting; the mount ends with the shell.
// A group takes a moment to empty after its processes were killed.
const clearScript = `set -eu
mount -t cgroup2 cgroup2 /sys/fs/cgroup
group=/sys/fs/cgroup/$1
tries=0
while [ -d "$group" ] && [ $tries -lt 50 ]; do
  for list in $(find "$group" -name cgroup.procs); do
    for pid in $(cat "$list" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
  done
  find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
  tries=$((tries + 1))
  sleep 0.1
done
[ ! -d "$group" ] || { echo "control group $1 is still in use" >&2; exit 1; }
`;
