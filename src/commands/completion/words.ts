import type {Argument, Command, Option} from 'commander';

/** What a word may become. `about` is a line for shells that show one. */
export type Words = readonly {readonly word: string; readonly about?: string}[];

/** What stands before the word in question: options with a value, by their attribute names. */
export type Given = ReadonlyMap<string, string>;

/** The values that an option or argument may take, for a word typed so far. */
export type ValueSource = (of: Option | Argument, typed: string, given: Given) => Promise<readonly string[]>;

/** What the last of the words after `infra` may become: options, commands, or values that `values` knows. */
export async function wordsAt(program: Command, words: readonly string[], values: ValueSource): Promise<Words> {
  const typed = words.at(-1) ?? '';
  const place = walk(program, words.slice(0, -1));
  const from = async (of: Option | Argument | undefined, text: string, head = '') =>
    of ? (await valuesOf(of, text, place.given, values)).map((word) => ({word: head + word})) : [];
  if (place.pending) return from(place.pending, typed);
  if (place.foreign) return [];
  const [, flag = '', text = ''] = /^(--[^=]+=)(.*)$/.exec(typed) ?? [];
  if (flag && !place.closed) return from(optionOf(place.command, flag.slice(0, -1)), text, flag);
  if (typed.startsWith('-') && !place.closed) return optionsOf(place.command, typed);
  const commands = place.position === 0 ? commandsOf(place.command, typed) : [];
  return [...commands, ...(await from(argumentAt(place), typed))];
}

interface Place {
  command: Command;
  /** How many arguments of the command stand before. */
  position: number;
  /** The option whose value is next. */
  pending: Option | undefined;
  /** After `--`: no options any more. */
  closed: boolean;
  /** What follows is another program's. */
  foreign: boolean;
  given: Map<string, string>;
}

function walk(program: Command, words: readonly string[]): Place {
  const fresh = {position: 0, pending: undefined, closed: false, foreign: false};
  const place: Place = {command: program, ...fresh, given: new Map()};
  for (const word of words) step(place, word);
  return place;
}

function step(place: Place, word: string): void {
  const {pending} = place;
  place.pending = undefined;
  if (pending && (pending.required || !word.startsWith('-'))) place.given.set(pending.attributeName(), word);
  else if (word === '--' && !place.closed) place.closed = true;
  else if (word.startsWith('-') && !place.closed) takeOption(place, word);
  else takeOperand(place, word);
}

function takeOption(place: Place, word: string): void {
  const [, flag = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
  // Of several letters behind one dash, only the last takes a value.
  const option = optionOf(place.command, flag.startsWith('--') ? flag : `-${flag.slice(-1)}`);
  if (value !== undefined && option) place.given.set(option.attributeName(), value);
  else if (option && (option.required || option.optional)) place.pending = option;
}

function takeOperand(place: Place, word: string): void {
  const isHelp = word === 'help' && place.command.commands.length > 0;
  if (place.position === 0 && isHelp) return;
  const sub = place.position === 0 ? place.command.commands.find((each) => each.name() === word) : undefined;
  if (sub) place.command = sub;
  else place.position += 1;
  place.foreign = !sub && ownsRest(place);
}

/** `infra lab ssh HOST` has named its host; then comes a command of the host. */
function ownsRest({command, position}: Place): boolean {
  const last = command.registeredArguments.at(-1);
  return last?.name() === 'command' && last.variadic && position >= command.registeredArguments.length - 1;
}

function argumentAt({command, position}: Place): Argument | undefined {
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
