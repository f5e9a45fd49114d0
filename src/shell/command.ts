import {inspect} from 'node:util';
import {quote} from './quote.js';
import {MASK, Secret} from './secret.js';

/** What may stand in a `sh` template: a word, a list of words, a secret word, or a command spliced in as it is. */
export type Word = string | number | Secret | Command | readonly (string | number | Secret)[];

/** `shown`: what people see in its place. */
type Part = ({readonly source: string} | {readonly word: string | Secret}) & {readonly shown?: string};

/**
 * Shell text kept as parts, so that words are quoted when it runs and secrets are masked when it is shown.
 * Made by {@link sh}; a command is a value and never runs by itself.
 */
export class Command {
  readonly #parts: readonly Part[];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  get parts(): readonly Part[] {
    return this.#parts;
  }

  /** The text for a shell, secrets in clear: for standard input of a remote shell, never for argv or a log. */
  reveal(): string {
    return this.#parts.map((part) => ('source' in part ? part.source : quote(clear(part.word)))).join('');
  }

  /** The text for people: secrets masked. */
  toString(): string {
    return this.#parts.map(shown).join('');
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/**
 * ``sh`systemctl start ${name}` ``: literal text is shell source, every `${}` is one quoted word (or a list of words).
 *
 * @example
 * sh`chown -- ${'app'} ${['/srv/app', '/srv/data']}`
 */
export function sh(source: TemplateStringsArray, ...words: readonly Word[]): Command {
  const parts = source.raw.flatMap((text, index) => {
    const word = words[index];
    return [{source: text}, ...(word === undefined ? [] : partsOf(word))];
  });
  return new Command(parts);
}

/** Shell source that is already text, such as a command the user wrote. Nothing in it is quoted. */
export function raw(source: string): Command {
  return new Command([{source}]);
}

/** Commands joined by a separator; `join(list)` runs one after another for as long as they succeed. */
export function join(commands: readonly Command[], separator = ' && '): Command {
  return new Command(
    commands.flatMap((command, index) => [...(index > 0 ? [{source: separator}] : []), ...command.parts]),
  );
}

/** A command that people see as `text`: for long wrapping whose sense is a short command. It runs unaltered. */
export function showAs(text: string, command: Command): Command {
  return new Command([{source: '', shown: text}, ...command.parts.map((part) => ({...part, shown: ''}))]);
}

function partsOf(word: Word): readonly Part[] {
  if (word instanceof Command) return word.parts;
  if (word instanceof Secret) return [{word}];
  if (typeof word === 'object') {
    return word.flatMap((each, index) => [...(index > 0 ? [{source: ' '}] : []), ...partsOf(each)]);
  }
  return [{word: String(word)}];
}

const clear = (word: string | Secret) => (word instanceof Secret ? word.reveal() : word);

function shown(part: Part): string {
  if (part.shown !== undefined) return part.shown;
  if ('source' in part) return part.source;
  return part.word instanceof Secret ? MASK : quote(part.word);
}
