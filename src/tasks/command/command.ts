import {
  ANYTHING,
  ANYTHING_NEW,
  check,
  defineTask,
  optionsOf,
  type Subject,
  UnreadableReply,
} from '../../model/index.js';
import {type Command, join, raw, Secret, sh, showAs} from '../../shell/index.js';
import {textOrSecret} from '../shared/checks.js';
import {UNLESS_UNREADABLE} from '../shared/stat.js';

/** A command and when it is due. */
export interface CommandSpec {
  /** Shell text, several lines if need be; with secrets or words to be quoted: ``sh`tool --name ${name}` ``. */
  readonly command: string | Command;
  /** What plans call it. Default: its first line. */
  readonly name?: string;
  /** An absolute path; the command is not due when it exists. */
  readonly creates?: string;
  /** Not due when this succeeds. It also runs for a plan, so it must only read. */
  readonly unless?: string | Command;
  /** Not due unless this succeeds. It also runs for a plan, so it must only read. */
  readonly onlyIf?: string | Command;
  /** Absolute. */
  readonly cwd?: string;
  /** Variables of its environment. A secret is masked wherever it is shown. */
  readonly env?: Readonly<Record<string, string | Secret>>;
  /** Runs as this user, with its HOME and without its login shell. */
  readonly user?: string;
}

interface CommandState {
  readonly due: boolean;
  readonly command: string;
}

const shellText = check.either(check.text, check.command);

/**
 * A command of the user's own, in `sh`. With `creates`, `unless` or `onlyIf` it runs only when it is due, and its
 * conditions are checked again afterwards; without them it is a change at every apply, and the plan says so.
 *
 * Its text travels to the host on standard input: what stands in it and in `env` shows in no process list, unless the
 * command itself hands it to a program as an argument. It has no standard input and runs in `/` unless `cwd` is set.
 *
 * @example
 * command({command: 'make install', cwd: '/usr/src/tool', creates: '/usr/local/bin/tool'})
 */
export const command = defineTask<CommandSpec, CommandState>({
  type: 'command',
  options: optionsOf<CommandSpec>({
    command: shellText,
    name: check.optional(check.text),
    creates: check.optional(check.text),
    unless: check.optional(shellText),
    onlyIf: check.optional(shellText),
    cwd: check.optional(check.text),
    env: check.optional(check.record(textOrSecret)),
    user: check.optional(check.text),
  }),
  id: ({name, command}) => name ?? firstLine(command),
  refuse,
  probe: conditionProbe,
  parse: ({stdout, stderr}) => {
    const word = stdout.trim();
    if (word !== 'due' && word !== 'satisfied') throw new UnreadableReply(`${word} ${stderr}`.trim());
    return {due: word === 'due'};
  },
  desire: ({command}, present) => (present?.due ? {command: String(command)} : {}),
  change: (spec) => [userScript(spec.command, spec)],
  action: 'run',
  affects: ({command}) => [ANYTHING, ANYTHING_NEW, ...unitsNamedIn(String(command))],
  needs: () => [],
  always: ({creates, unless, onlyIf}) => creates === undefined && unless === undefined && onlyIf === undefined,
});

/** Of a longer line the word that would be cut is left out: half a secret cannot be recognized. */
const LONGEST_NAME = 60;

function firstLine(command: string | Command): string {
  const [line = '', ...more] = String(command).trim().split('\n');
  if (line.length > LONGEST_NAME) return `${line.slice(0, LONGEST_NAME).replace(/\S*$/, '')}…`;
  return more.length > 0 ? `${line}…` : line;
}

function refuse({command, creates, cwd, env = {}}: CommandSpec): string | undefined {
  if (String(command).trim() === '') return 'it names no command';
  const path = [creates, cwd].find((each) => each !== undefined && !each.startsWith('/'));
  if (path !== undefined) return `"${path}" is not an absolute path`;
  const variable = Object.keys(env).find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return variable === undefined ? undefined : `"${variable}" is not the name of a variable`;
}

/**
 * Prints `due` or `satisfied`; neither when a shell cannot parse one of the user's texts, which is a mistake in any
 * case.
 */
function conditionProbe(spec: CommandSpec): Command {
  const {command, creates, unless, onlyIf} = spec;
  const texts = [command, unless, onlyIf].filter((text) => text !== undefined);
  const satisfied = [
    ...(creates === undefined ? [] : [sh`[ -e ${creates} ] || [ -L ${creates} ]`]),
    ...(unless === undefined ? [] : [silent(userScript(unless, spec))]),
    ...(onlyIf === undefined ? [] : [sh`! ${silent(userScript(onlyIf, spec))}`]),
  ];
  const answer = sh`{ if ${join([...satisfied, sh`false`], ' || ')}; then echo satisfied; else echo due; fi; }`;
  return join([...texts.map(parses), ...(creates === undefined ? [] : [canTell(creates)]), answer]);
}

/** Fails where it cannot be seen whether the path exists. */
const canTell = (path: string) => sh`(f=${path}; [ -e "$f" ] || [ -L "$f" ] || { ${UNLESS_UNREADABLE}; })`;

const silent = (command: Command) => sh`(${command}) >/dev/null 2>&1`;

/** Whether a shell can parse a text, which it reads without running any of it; says why not on standard error. */
function parses(text: string | Command): Command {
  return sh`printf '%s\n' ${secretText(text)} | sh -n`;
}

/**
 * The user's text in a shell of its own, so that neither `exit` nor a syntax error in it reaches further. For another
 * user the script goes through standard input: an argument would show in the process list.
 */
function userScript(text: string | Command, {cwd, env = {}, user}: CommandSpec): Command {
  const exports = Object.entries(env).map(([name, value]) => sh`export ${raw(name)}=${value}`);
  const home = user === undefined ? [] : [sh`HOME=$(getent passwd ${user} | cut -d : -f 6)`, sh`export HOME`];
  const script = join([...home, ...exports, sh`cd ${cwd ?? '/'}`, sh`eval ${secretText(text)}`]);
  return showAs(String(text), user === undefined ? sh`(${script})` : asUser(user, script));
}

// `printf` is built into the shell, so its argument shows nowhere.
function asUser(user: string, script: Command): Command {
  return sh`printf %s ${new Secret(script.reveal())} | runuser -u ${user} -- sh -c ${'eval "$(cat)" </dev/null'}`;
}

const secretText = (text: string | Command) => new Secret(typeof text === 'string' ? text : text.reveal());

/** Any word may be the name of a unit that it starts or stops. */
function unitsNamedIn(text: string): readonly Subject[] {
  const words = text.split(/[^\w.@-]+/).filter((word) => word !== '');
  return [...new Set(words)].map((word) => `unit:${word.replace(/\.service$/, '')}`);
}
