import type {Argument, Command, Option} from 'commander';

/** The completions of a word. `about` is a description for shells that show one. */
export type Words = readonly {readonly word: string; readonly about?: string}[];

/** The options with values before the word, by their attribute names. */
export type Given = ReadonlyMap<string, string>;

/** Finds the values of an option or argument, for a word typed so far. */
export type ValueSource = (of: Option | Argument, typed: string, given: Given) => Promise<readonly string[]>;

/** The completions of the last of the words after `infra`: options, commands, or values from `values`. */
export async function wordsAt(program: Command, words: readonly string[], values: ValueSource): Promise<Words> {
  const typed = words.at(-1) ?? '';
  const cursor = walk(program, words.slice(0, -1));
  const from = async (of: Option | Argument | undefined, text: string, head = '') =>
    of ? (await valuesOf(of, text, cursor.given, values)).map((word) => ({word: head + word})) : [];
  if (cursor.pending) return from(cursor.pending, typed);
  if (cursor.foreign) return [];
  const [, flag = '', text = ''] = /^(--[^=]+=)(.*)$/.exec(typed) ?? [];
  if (flag && !cursor.closed) return from(optionOf(cursor.command, flag.slice(0, -1)), text, flag);
  if (typed.startsWith('-') && !cursor.closed) return optionsOf(cursor.command, typed);
  const commands = cursor.position === 0 ? commandsOf(cursor.command, typed) : [];
  return [...commands, ...(await from(argumentAt(cursor), typed))];
}

interface Cursor {
  command: Command;
  /** The number of arguments of the command before the word. */
  position: number;
  /** The option whose value is next. */
  pending: Option | undefined;
  /** After `--`: no more options. */
  closed: boolean;
  /** The rest belongs to another program. */
  foreign: boolean;
  given: Map<string, string>;
}

function walk(program: Command, words: readonly string[]): Cursor {
  const fresh = {position: 0, pending: undefined, closed: false, foreign: false};
  const cursor: Cursor = {command: program, ...fresh, given: new Map()};
  for (const word of words) step(cursor, word);
  return cursor;
}

function step(cursor: Cursor, word: string): void {
  const {pending} = cursor;
  cursor.pending = undefined;
  if (pending && (pending.required || !word.startsWith('-'))) cursor.given.set(pending.attributeName(), word);
  else if (word === '--' && !cursor.closed) cursor.closed = true;
  else if (word.startsWith('-') && !cursor.closed) takeOption(cursor, word);
  else takeOperand(cursor, word);
}

function takeOption(cursor: Cursor, word: string): void {
  const [, flag = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
  // Of several letters after one dash, only the last takes a value.
  const option = optionOf(cursor.command, flag.startsWith('--') ? flag : `-${flag.slice(-1)}`);
  if (value !== undefined && option) cursor.given.set(option.attributeName(), value);
  else if (option && (option.required || option.optional)) cursor.pending = option;
}

function takeOperand(cursor: Cursor, word: string): void {
  const isHelp = word === 'help' && cursor.command.commands.length > 0;
  if (cursor.position === 0 && isHelp) return;
  const sub = cursor.position === 0 ? cursor.command.commands.find((each) => each.name() === word) : undefined;
  if (sub) cursor.command = sub;
  else cursor.position += 1;
  cursor.foreign = !sub && ownsRest(cursor);
}

/** Whether a host is named in `infra lab ssh HOST`, so that a command for the host follows. */
function ownsRest({command, position}: Cursor): boolean {
  const last = command.registeredArguments.at(-1);
  return last?.name() === 'command' && last.variadic && position >= command.registeredArguments.length - 1;
}

function argumentAt({command, position}: Cursor): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return command.registeredArguments[position] ?? (last?.variadic ? last : undefined);
}

function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({long, short}) => flag === long || flag === short);
}

function optionsOf(command: Command, typed: string): Words {
  const options = command.createHelp().visibleOptions(command);
  return options.flatMap(({long, description}) =>
    long?.startsWith(typed) ? {word: long, about: firstLine(description)} : [],
  );
}

function commandsOf(command: Command, typed: string): Words {
  const commands = command.createHelp().visibleCommands(command);
  return commands.flatMap((each) =>
    each.name().startsWith(typed) ? {word: each.name(), about: firstLine(each.description())} : [],
  );
}

const firstLine = (text: string) => text.split('\n')[0] ?? '';

async function valuesOf(of: Option | Argument, typed: string, given: Given, values: ValueSource) {
  const known = of.argChoices ?? (await values(of, typed, given));
  return known.filter((value) => value.startsWith(typed));
}
