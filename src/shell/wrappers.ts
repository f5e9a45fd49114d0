import {asWord, type Command, join, raw, sh, showAs} from './command.js';
import {Secret} from './secret.js';

/**
 * A command that cannot harm anything outside it, whatever its text: an open quote, a comment at its end, `exit`, `&`.
 * It runs in a subshell without the variables of what stands around it; its exit code is its own.
 */
export function contained(command: Command): Command {
  const run = sh`(${raw(FORGET)}; eval ${asWord(command)})`;
  return showAs(command.toString(), run);
}

/** Takes away the variables and functions of the shell text that stands around a command, and in which it runs. */
export const FORGET = 'unset also b d f fresh hd hm hu i me n o own r s t u v w x z; unset -f hold ours walk';

/** Seconds between TERM and KILL for a command that is ended. */
const GRACE = 30;

/**
 * A command that is ended after a number of seconds, with everything it started: TERM, and KILL 30 seconds later. Its
 * exit code is then 124, or 137 when only KILL helped. It runs in a shell of its own, which gets its text on standard
 * input, so that nothing of it shows in a process list; when the connection is lost it is ended like any other. People
 * see the command alone.
 */
export function endAfter(seconds: number, command: Command): Command {
  // coreutils' timeout makes a process group of its own, which the watchdog's TERM does not reach: it is passed on.
  const run = sh`printf '%s\n' ${asWord(command)} | (exec 4<&0 </dev/null
timeout -k ${GRACE} ${seconds} sh -c ${'eval "$(cat <&4)" 4<&-'} & p=$!; exec 4<&-
trap 'kill "$p" 2>/dev/null' TERM HUP INT; wait "$p")`;
  return showAs(command.toString(), run);
}

/**
 * A command that gets a text on standard input, through the shell's built-in `printf`: nothing of it shows in the
 * host's process list. Masked as a whole when shown. For bytes there are uploads.
 */
export function feed(text: string | Secret, command: Command): Command {
  return sh`printf %s ${text instanceof Secret ? text : new Secret(text)} | ${command}`;
}

/**
 * A command that runs to its end once it has begun, even when the connection is lost: stopping `dpkg` in the middle
 * would leave packages half configured. It ignores the watchdog's TERM, and `cat` keeps draining its output when it is
 * no longer read. Standard error comes out on standard output; the exit code is the command's own. People see the
 * command alone.
 */
export function uninterrupted(command: Command): Command {
  return join([showAs('', raw(BEFORE)), command, showAs('', raw(AFTER))], '');
}

const BEFORE = `(trap '' TERM HUP INT; exec 4>&1; r=$({ { (`;
const AFTER = `) 2>&1 4>&- 5>&-; echo $? >&5; } | (trap '' PIPE; cat >&4 2>/dev/null || cat >/dev/null); } 5>&1); exit "$r")`;
