import {type Command, join, raw, Secret, sh, showAs} from '../../shell/index.js';
import type {CommandSpec} from './spec.js';

/**
 * The user's text in a shell of its own, so that neither `exit` nor a syntax error in it reaches further. For another
 * user the script goes through standard input: an argument would show in the process list.
 */
export function userScript(text: string | Command, {cwd, env = {}, user}: CommandSpec): Command {
  const exports = Object.entries(env).map(([name, value]) => sh`export ${raw(name)}=${value}`);
  const home = user === undefined ? [] : [sh`HOME=$(getent passwd ${user} | cut -d : -f 6)`, sh`export HOME`];
  const script = join([...home, ...exports, sh`cd ${cwd ?? '/'}`, sh`eval ${secretText(text)}`]);
  return showAs(String(text), user === undefined ? sh`(${script})` : asUser(user, script));
}

/** Whether a shell can parse a text, which it reads without running any of it; says why not on standard error. */
export function parses(text: string | Command): Command {
  return sh`printf '%s\n' ${secretText(text)} | sh -n`;
}

// `printf` is built into the shell, so its argument shows nowhere.
function asUser(user: string, script: Command): Command {
  return sh`printf %s ${new Secret(script.reveal())} | runuser -u ${user} -- sh -c ${'eval "$(cat)" </dev/null'}`;
}

const secretText = (text: string | Command) => new Secret(typeof text === 'string' ? text : text.reveal());
