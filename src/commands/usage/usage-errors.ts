import {type Argument, type Command, InvalidArgumentError, type Option} from 'commander';
import type {Project} from '../../local/project.js';
import {nearest} from '../../model/nearest.js';
import {severalLines, styled} from '../../model/text/styled-text.js';
import {writeText} from '../../session/streams.js';

type Streams = Pick<Project, 'stdout' | 'stderr'>;

/**
 * Makes a command and its subcommands answer unknown words with the nearest known one and with the way to their help.
 * Call it when the commands are complete. The exit code stays 1: 2 says that changes are pending.
 */
export function explainUsage(
  command: Command,
  streams: Streams,
  path = command.name(),
  runOptions = optionsOf(command),
): void {
  advise(command, streams, path, runOptions);
  command.showHelpAfterError(`Run "${path} --help" for usage.`).helpOption('-h, --help', 'show help');
  for (const each of [...command.options, ...command.registeredArguments]) explainChoice(each);
  if (command.commands.length > 0) refuseUnknown(command.helpCommand('help [command]', 'show help for a command'));
  for (const each of command.commands) explainUsage(each, streams, `${path} ${each.name()}`, runOptions);
}

/** Prints better advice, if there is any, instead of the nearest word and the way to the help. */
function advise(command: Command, {stdout, stderr}: Streams, path: string, runOptions: readonly string[]): void {
  let isAdvised = false;
  command.configureOutput({
    writeOut: (text) => writeText(stdout, severalLines(text)),
    writeErr: (text) => void (isAdvised || writeText(stderr, severalLines(text))),
    outputError: (text) => {
      const [message = ''] = text.split('\n');
      const advice = adviceFor({
        message,
        path,
        excess: command.args.slice(command.registeredArguments.length),
        runOptions,
      });
      writeText(stderr, advice === undefined ? severalLines(text) : styled`${message}\nhelp: ${advice}\n`);
      isAdvised = advice !== undefined;
    },
  });
}

/** All options of `plan` and `apply`, as they are typed. */
function optionsOf({commands}: Command): readonly string[] {
  const runs = commands.filter((each) => ['plan', 'apply'].includes(each.name()));
  return runs.flatMap(({options}) => options.flatMap(({short, long}) => [short ?? [], long ?? []].flat()));
}

function explainChoice(of: Option | Argument): void {
  const {argChoices} = of;
  if (argChoices) of.argParser((value: string) => chosen(value, argChoices));
}

function chosen(value: string, choices: readonly string[]): string {
  if (choices.includes(value)) return value;
  throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.${guess(value, choices)}`);
}

/** Refuses an unknown subcommand also for a command with an action, which would take it for an excess argument. */
function refuseUnknown(command: Command): void {
  command.allowExcessArguments().hook('preAction', (_, acting) => {
    const [name] = acting === command ? acting.args : [];
    if (name === undefined) return;
    const names = command.commands.map((each) => each.name());
    command.error(`error: unknown command '${name}'${guess(name, names)}`);
  });
}

/** A suggestion in the words of commander. */
function guess(word: string, candidates: Iterable<string>): string {
  const meant = nearest(word, candidates);
  return meant === undefined ? '' : `\n(Did you mean ${meant}?)`;
}

/** A command line that was not understood. */
interface Misuse {
  /** Commander's message: `error: unknown option '-K'`. */
  readonly message: string;
  /** The command with its parents: `infra plan`. */
  readonly path: string;
  /** Its excess arguments. */
  readonly excess: readonly string[];
  /** All options that `infra plan` and `infra apply` take, as they are typed. */
  readonly runOptions: readonly string[];
}

/** A next step that is better than the nearest word: for habits of other tools, and for misplaced words. */
function adviceFor({message, path, excess, runOptions}: Misuse): string | undefined {
  const command = path === 'infra' ? /unknown command '(.+?)'/.exec(message)?.[1] : undefined;
  if (command !== undefined) return fileAdvice(command, 'infra plan') ?? COMMANDS.get(command.toLowerCase());
  const option = /unknown option '([^'=]+)/.exec(message)?.[1];
  if (option !== undefined && path === 'infra' && runOptions.includes(option))
    return `Options come after the command: infra plan ${option} …`;
  if (option !== undefined) return RUNS.includes(path) || path === 'infra' ? OPTIONS.get(option) : undefined;
  const [word] = excess;
  if (!/too many arguments/.test(message) || word === undefined || !RUNS.includes(path)) return undefined;
  return fileAdvice(word, path) ?? `To name hosts or groups: ${path} --limit ${excess.join(',')}`;
}

const RUNS = ['infra plan', 'infra apply', 'infra graph'];

/** The option for a file that stands where no file is expected. */
function fileAdvice(word: string, command: string): string | undefined {
  if (/\.m?[jt]s$/.test(word)) return `Name a playbook with an option: ${command} --playbook ${word}`;
  if (/\.ya?ml$/.test(word)) return `Name an inventory with an option: ${command} --inventory ${word}`;
  return undefined;
}

const PLAN = 'infra plan connects to all hosts and shows what would change. It changes nothing.';
const APPLY = 'infra apply shows what would change, asks, and applies it.';
const GRAPH = 'infra graph shows the hosts and which of them connect. The inventory names them.';
const UNDO =
  "infra does not undo changes by itself. Describe what should be absent (state: 'absent'), then run infra apply.";
const SHELL = 'Use ssh for a single command. To keep its effect, put it in a playbook as a task.';
const INIT = 'infra init makes a project from a few questions.';
const RUNS_SHOWN = 'infra runs lists what was done before.';

/** Commands of other tools. */
const COMMANDS: ReadonlyMap<string, string> = new Map(
  (
    [
      ['ping test connect check diff dry-run preview status facts setup gather validate syntax-check lint', PLAN],
      ['deploy run play playbook converge provision sync push up install update upgrade site exec-playbook', APPLY],
      ['ls list hosts inventory list-hosts', GRAPH],
      ['destroy down rollback undo revert remove delete uninstall', UNDO],
      ['ssh shell exec command adhoc ad-hoc', SHELL],
      ['new create start', INIT],
      ['log logs history', RUNS_SHOWN],
      ['vault encrypt decrypt password passwords', 'infra secrets keeps passwords encrypted.'],
    ] as const
  ).flatMap(([words, advice]) => words.split(' ').map((word) => [word, advice])),
);

const NO_PASSWORDS =
  'infra does not enter passwords: logins use keys, and sudo must not ask (NOPASSWD in /etc/sudoers.d).';

/** Options of ansible-playbook that infra does differently. */
const OPTIONS: ReadonlyMap<string, string> = new Map(
  (
    [
      ['-K -k --ask-become-pass --ask-pass --become-password-file', NO_PASSWORDS],
      ['-b --become', 'infra becomes root by itself, with sudo if it does not log in as root.'],
      ['-e --extra-vars --extra_vars --var -var', 'Put variables in the inventory, for a host, a group, or all.'],
      ['-u --user --remote-user', 'Set it in the inventory: user'],
      ['--private-key --key-file --identity', 'Set it in the inventory: identityFile'],
      ['-f --forks', 'infra works on all hosts at once. A play can limit that with serial.'],
      ['-D --diff', 'A plan always shows what differs.'],
      ['--list-hosts --list-tasks --syntax-check', 'infra plan checks the playbook and lists all that would change.'],
      ['--vault-password-file --ask-vault-pass --vault-id', 'An age identity opens the secrets: infra secrets --help'],
      ['--auto-approve -auto-approve', 'To apply without a question: infra apply --yes'],
    ] as const
  ).flatMap(([words, advice]) => words.split(' ').map((word) => [word, advice])),
);
