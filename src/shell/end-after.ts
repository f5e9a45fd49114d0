import {asWord, type Command, sh, showAs} from './command.js';

/** Seconds between TERM and KILL for a command that is ended. */
const GRACE = 30;

/**
 * A command that is ended after so many seconds, with everything it started: TERM, and KILL 30 seconds later. Its exit
 * code is then 124, or 137 when only KILL helped. It runs in a shell of its own, which gets its text on standard input,
 * so that nothing of it shows in a process list; when the connection is lost it is ended like any other. People see the
 * command alone.
 */
export function endAfter(seconds: number, command: Command): Command {
  // coreutils' timeout makes a process group of its own, which the watchdog's TERM does not reach: it is passed on.
  const run = sh`printf '%s\n' ${asWord(command)} | (exec 4<&0 </dev/null
timeout -k ${GRACE} ${seconds} sh -c ${'eval "$(cat <&4)" 4<&-'} & p=$!; exec 4<&-
trap 'kill "$p" 2>/dev/null' TERM HUP INT; wait "$p")`;
  return showAs(command.toString(), run);
}
