import {quote} from '../shell/index.js';

/** Seconds between two signs of life that the loop is sent, and after how many without one it ends itself. */
export const PULSE = 5;
const LEASE = 30;

/**
 * The remote loop, the only text of ours in a host's process list. It reads the nonce, then scripts, each announced by
 * `MODE SIZE`, from standard input, runs them one by one and closes each with a `D` mark on both output streams.
 *
 * `cat` is the watchdog: when the link is gone it sees the end of input and ends the whole process group, so no
 * command outlives the connection (closing an SSH channel alone stops nothing on the host).
 * File descriptor 3 is the input, 9 a lock; neither is inherited by what a script starts.
 *
 * While a script runs and until the next one, a watcher reads the input line by line: `go` announces the next script,
 * `stop` ends the lease, which a stoppable script looks for before each of its steps, and any line is a sign of life.
 * Without one for LEASE to twice LEASE seconds (the network is cut and nobody says so) the lease ends the process
 * group, and the lock with it. A loop that was killed is noticed by the watcher, which then does the same.
 * INFRA_CLIENT is where the connection comes from: sudo keeps nothing of sshd's environment.
 * `undo` is a folder for what the connection may have to put back; it ends with the connection.
 */
const LOOP = `
INFRA_CLIENT=\${1%% *}
set --
undo=/run/infra-$$
{ cat; [ ! -d "$undo" ] || rm -rf -- "$undo"; trap "" TERM; kill -TERM 0; } | {
exec 3<&0 </dev/null
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset LANGUAGE LANG CDPATH ENV
umask 022
cd /
read -r self rest </proc/self/stat
{ trap beat=1 USR1; beat=1
while sleep ${LEASE}; do [ "$beat" ] || { rm -rf -- "$undo"; kill -TERM 0; }; beat=; done; } >/dev/null 2>&1 3<&- & lease=$!
watch() {
  while IFS= read -r word <&3; do
    case $word in go) exit;; stop) kill "$lease"; lease=;; esac
    kill -0 "$self" || kill -TERM 0
    [ -z "$lease" ] || kill -USR1 "$lease"
  done
}
IFS= read -r nonce <&3 || exit 0
while IFS=" " read -r mode size <&3; do
  [ "$mode" ] || continue
  script=$(head -c "$size" <&3)
  kill -0 "$lease" 2>/dev/null || lease=
  watch >/dev/null 2>&1 9<&- & watcher=$!
  if [ "$mode" = keep ]; then eval "$script" 3<&-; else (eval "$script") 3<&- 9<&-; fi
  printf "\\n%s D 0 0\\n" "$nonce"
  printf "\\n%s D 0 0\\n" "$nonce" >&2
  wait "$watcher"
done
}`;

/** The command line for SSH's exec channel. With `become` it runs as root through sudo, which must not ask anything. */
export function bootstrapCommand(become: boolean): string {
  const loop = `sh -c ${quote(LOOP)} infra "$SSH_CONNECTION"`;
  return become ? `exec sudo -n -H -- ${loop}` : `exec ${loop}`;
}
