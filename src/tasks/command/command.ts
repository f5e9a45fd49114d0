import {
  ANYTHING,
  ANYTHING_NEW,
  check,
  defineTask,
  optionsOf,
  type Subject,
  UnreadableReply,
} from '../../model/index.js';
import type {Command} from '../../shell/index.js';
import {textOrSecret} from '../shared/checks.js';
import {conditionProbe} from './probe.js';
import {userScript} from './script.js';
import type {CommandSpec} from './spec.js';

const shellText = check.either(check.text, check.command);

interface CommandState {
  readonly due: boolean;
  readonly command: string;
}

/**
 * A command of the user's own, in `sh`. With `creates`, `unless` or `onlyIf` it runs only when it is due, and is asked
 * again afterwards; without them it is a change at every apply, and the plan says so.
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

/** Any word may be the name of a unit that it starts or stops. */
function unitsNamedIn(text: string): readonly Subject[] {
  const words = text.split(/[^\w.@-]+/).filter((word) => word !== '');
  return [...new Set(words)].map((word) => `unit:${word.replace(/\.service$/, '')}`);
}

function refuse({command, creates, cwd, env = {}}: CommandSpec): string | undefined {
  if (String(command).trim() === '') return 'it names no command';
  const path = [creates, cwd].find((each) => each !== undefined && !each.startsWith('/'));
  if (path !== undefined) return `"${path}" is no absolute path`;
  const variable = Object.keys(env).find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return variable === undefined ? undefined : `"${variable}" is no name of a variable`;
}

/** Of a longer line the word that would be cut is left out: half a secret is not known for one. */
const LONGEST_NAME = 60;

function firstLine(command: string | Command): string {
  const [line = '', ...more] = String(command).trim().split('\n');
  if (line.length > LONGEST_NAME) return `${line.slice(0, LONGEST_NAME).replace(/\S*$/, '')}…`;
  return more.length > 0 ? `${line}…` : line;
}
