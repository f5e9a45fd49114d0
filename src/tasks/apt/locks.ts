import {type Command, raw, sh} from '../../shell/index.js';

/**
 * Waits until nobody holds a lock of dpkg or apt, and says who does while it waits and when it gives up (exit code 1).
 * apt's own waiting covers neither dpkg alone nor the lock of the package lists. `/proc/locks` names a process; of those
 * that hold any lock, one that has a lock file open is the holder. A subshell, so that it ends nothing but itself.
 */
export function waitForLocks(seconds: number): Command {
  return sh`(
${raw(HOLDER)}
waited=0; told=
while who=$(holder); do
  [ "$waited" -lt ${seconds} ] || { echo "gave up after $waited s: $who" >&2; exit 1; }
  [ "$who" = "$told" ] || echo "waiting: $who" >&2
  told=$who; sleep 2; waited=$((waited + 2))
done)`;
}

const HOLDER = `holder() {
  for pid in $(sed -n 's/^[0-9]*: POSIX  *ADVISORY  *WRITE  *\\([0-9][0-9]*\\) .*/\\1/p' /proc/locks | sort -u); do
    file=$(readlink "/proc/$pid/fd/"* 2>/dev/null | grep -m 1 -x -e '/var/lib/dpkg/lock\\(-frontend\\)\\{0,1\\}' \\
      -e /var/lib/apt/lists/lock -e /var/cache/apt/archives/lock) || continue
    read -r name <"/proc/$pid/comm" || continue
    echo "$name (pid $pid) holds $file"
    return 0
  done
  return 1
}`;
