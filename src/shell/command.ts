import {inspect} from 'node:util';
import {ANYWHERE, type Places, type Provided, type Upload} from './provided.js';
import {MASK, Secret} from './secret.js';

/**
 * What may stand in a `sh` template: a word, a list of words, a secret word, a command spliced in as it is, a command
 * as one word ({@link asWord}), or a file that the connection provides.
 */
export type ShellWord = string | number | Secret | Command | AsWord | Provided | readonly (string | number | Secret)[];

/** A command as one quoted word, for a shell that is given its text. */
export interface AsWord {
  /** What runs it gets its text. */
  readonly command: Command;
}

/** `shown`: what people see in its place. */
type Part = ({readonly source: string} | {readonly word: string | Secret} | AsWord | Provided) & {
  readonly shown?: string;
};

/**
 * Shell text kept as parts, so that words are quoted when it runs and secrets are masked when it is shown. Made by
 * {@link sh}; a command is a value and never runs by itself.
 */
export class Command {
  readonly #parts: readonly Part[];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  get parts(): readonly Part[] {
    return this.#parts;
  }

  /**
   * The text for a shell, secrets in clear: for standard input of a remote shell, never for argv or a log. `places`: of
   * the connection that runs it.
   */
  reveal(places: Places = ANYWHERE): string {
    return this.#parts.map((part) => clear(part, places)).join('');
  }

  /** What has to be on the host before it runs. */
  get uploads(): readonly Upload[] {
    return this.#parts.flatMap((part) => {
      if ('command' in part) return part.command.uploads;
      return 'upload' in part ? part.upload : [];
    });
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
export function sh(source: TemplateStringsArray, ...words: readonly ShellWord[]): Command {
  if (!Array.isArray(source?.raw)) throw new TypeError('sh stands before a text in backquotes: sh`…`');
  // Behind the last text there is no word. One that is undefined is another matter: `rm -r ${directory}/x` must not
  // lose it.
  const parts = source.raw.flatMap((text, index) => [
    {source: text},
    ...words.slice(index, index + 1).flatMap((word) => partsOf(word)),
  ]);
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

/** A command as one word of another: `sh -c ${asWord(command)}`, `eval ${asWord(command)}`. */
export function asWord(command: Command): AsWord {
  return {command};
}

function partsOf(word: ShellWord): readonly Part[] {
  if (word instanceof Command) return word.parts;
  if (word instanceof Secret) return [{word}];
  if (Array.isArray(word)) {
    return Array.from(word).flatMap((each, index) => [...(index > 0 ? [{source: ' '}] : []), ...partsOf(each)]);
  }
  if (typeof word === 'string' || (typeof word === 'number' && Number.isFinite(word))) return [{word: String(word)}];
  if (typeof word === 'object' && word !== null && PROVIDED.some((name) => name in word)) {
    // Array.isArray does not narrow readonly arrays away.
    return [word as AsWord | Provided];
  }
  throw new TypeError(`a word of sh\`…\` is text, a number, a secret or a command, not ${nameOf(word)}`);
}

const PROVIDED = ['command', 'upload', 'privateDirectory'];

/** What JavaScript handed over instead of a word, and nothing of what is in it. */
function nameOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (value instanceof Promise) return 'a promise (write await)';
  return typeof value === 'number'
    ? 'a number such as this'
    : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}

function clear(part: Part, places: Places): string {
  if ('source' in part) return part.source;
  if ('command' in part) return quote(part.command.reveal(places));
  if ('upload' in part) return quote(`${places.uploads}/${part.upload.sha256}`);
  if ('privateDirectory' in part) return quote(places.directory);
  return quote(part.word instanceof Secret ? part.word.reveal() : part.word);
}

function shown(part: Part): string {
  if (part.shown !== undefined) return part.shown;
  if ('source' in part) return part.source;
  if ('command' in part) return quote(part.command.toString());
  if (!('word' in part)) return clear(part, ANYWHERE);
  return part.word instanceof Secret ? MASK : quote(part.word);
}

/**
 * One word for a POSIX shell, whatever bytes the text holds (quotes, spaces, newlines, `$`). Throws on NUL, which no
 * shell word, argument or file name can hold.
 */
export function quote(text: string): string {
  if (text.includes('\0')) throw new TypeError('a shell word cannot hold a NUL character');
  return SAFE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const SAFE = /^[A-Za-z0-9_@%+=:,./-]+$/;
