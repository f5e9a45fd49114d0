import {run} from './run.js';

/**
 * Kills whatever is left in the control group of one host, or of the whole lab, and removes the group. Only the
 * lab puts processes there, so this ends its own and nothing else, even when every record is lost.
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
