import {type Command, join, raw, showAs} from './command.js';

/**
 * A command that is finished once begun, even when the connection is lost half way: stopping `dpkg` in the middle
 * would leave packages half configured. It ignores the watchdog's TERM, and `cat` keeps draining its output when
 * nobody reads it any more. Standard error comes out on standard output; the exit code is the command's own.
 * People see the command alone.
 */
export function uninterrupted(command: Command): Command {
  return join([showAs('', raw(BEFORE)), command, showAs('', raw(AFTER))], '');
}

const BEFORE = `(trap '' TERM HUP INT; exec 4>&1; r=$({ { (`;
const AFTER = `) 2>&1 4>&- 5>&-; echo $? >&5; } | (trap '' PIPE; cat >&4 2>/dev/null || cat >/dev/null); } 5>&1); exit "$r")`;
