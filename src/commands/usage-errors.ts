import {type Argument, type Command, InvalidArgumentError, type Option} from 'commander';
import type {Project} from '../local/project.js';
import {nearest} from '../model/nearest.js';
import {severalLines, styled} from '../model/styled-text.js';
import {writeText} from './streams.js';
import {adviceFor} from './usage-advice.js';

type Streams = Pick<Project, 'stdout' | 'stderr'>;

/**
 * Makes a command and those under it answer what they do not understand with the nearest that they do, and with the way
 * to their help. Call it when the commands are complete. The exit code stays 1: 2 says that changes are pending.
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

/** Where something better than the nearest word is known, it stands in place of that word and of the way to the help. */
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

/** All that the commands under this one take, as it is typed. */
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

/** A command that does something by itself too would take the name of a command for one argument too many. */
function refuseUnknown(command: Command): void {
  command.allowExcessArguments().hook('preAction', (_, acting) => {
    const [name] = acting === command ? acting.args : [];
    if (name === undefined) return;
    const names = command.commands.map((each) => each.name());
    command.error(`error: unknown command '${name}'${guess(name, names)}`);
  });
}

/** In commander's words. */
function guess(word: string, candidates: Iterable<string>): string {
  const meant = nearest(word, candidates);
  return meant === undefined ? '' : `\n(Did you mean ${meant}?)`;
}
