import {quote} from '../shell/index.js';

/**
 * The remote loop, the only text of ours in a host's process list. It reads the nonce, then scripts, each announced by
 * `MODE SIZE`, from standard input, runs them one by one and closes each with a `D` mark on both output streams.
 *
 * `cat` is the watchdog: when the link is gone it sees the end of input and ends the whole process group, so no
 * command outlives the connection (closing an SSH channel alone stops nothing on the host).
 * File descriptor 3 is the input, 9 a lock; neither is inherited by what a script starts.
 */
const LOOP = `
{ cat; trap "" TERM; kill -TERM 0; } | {
exec 3<&0 </dev/null
export LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
unset LANGUAGE LANG CDPATH ENV
umask 022
cd /
IFS= read -r nonce <&3 || exit 0
while IFS=" " read -r mode size <&3; do
  script=$(head -c "$size" <&3)
  if [ "$mode" = keep ]; then eval "$script" 3<&-; else (eval "$script") 3<&- 9<&-; fi
  printf "\\n%s D 0 0\\n" "$nonce"
  printf "\\n%s D 0 0\\n" "$nonce" >&2
done
}`;

/** The command line for SSH's exec channel. With `become` it runs as root through sudo, which must not ask anything. */
export function bootstrapCommand(become: boolean): string {
  return become ? `exec sudo -n -H -- sh -c ${quote(LOOP)}` : `exec sh -c ${quote(LOOP)}`;
}
