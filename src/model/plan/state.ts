import {createHash} from 'node:crypto';
import {inspect} from 'node:util';
import type {Secret, Upload} from '../../shell/index.js';

/** The state of a thing: its attributes by name. `null`: the thing does not exist. */
export type State = Readonly<Record<string, Attribute>> | null;

/** One readable property of a thing on a host. `undefined`: it has none. */
export type Attribute = string | number | boolean | readonly string[] | Content | undefined;

/** What a change does to a thing. `run`: a command whose effect only the user knows. */
export type Action = 'create' | 'update' | 'delete' | 'run';

/** One attribute that differs. `sensitive`: say that it differs, never what it is. */
export interface AttributeChange {
  readonly name: string;
  readonly before: Attribute;
  readonly after: Attribute;
  readonly sensitive: boolean;
}

/** The attributes of `desired` that differ in `present`. An attribute left out is left alone. */
export function diffStates(present: State, desired: State, sensitive: readonly string[] = []): AttributeChange[] {
  if (desired === null) return present === null ? [] : changes(present, {}, Object.keys(present), sensitive);
  return changes(present ?? {}, desired, Object.keys(desired), sensitive).filter(({after}) => after !== undefined);
}

/** The attributes that differ between two states of a thing that exists, also those that only one of them has. */
export function compareStates(before: Attributes, after: Attributes, sensitive: readonly string[]): AttributeChange[] {
  return changes(before, after, [...new Set([...Object.keys(before), ...Object.keys(after)])], sensitive);
}

/** Equal as attributes: contents by digest, lists element by element in order. */
export function sameAttribute(left: Attribute, right: Attribute): boolean {
  if (left instanceof Content || right instanceof Content) {
    return left instanceof Content && right instanceof Content && left.sha256 === right.sha256;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((each, index) => each === right[index]);
  }
  return left === right;
}

/** Equal in everything they name; one that could not be read yet is like another such. */
export function sameState(left: State | undefined, right: State | undefined): boolean {
  if (!left || !right) return left === right;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => sameAttribute(left[name], right[name]));
}

type Attributes = NonNullable<State>;

function changes(present: Attributes, desired: Attributes, names: readonly string[], sensitive: readonly string[]) {
  return names
    .filter((name) => !sameAttribute(present[name], desired[name]))
    .map((name) => ({
      name,
      before: present[name],
      after: desired[name],
      sensitive: sensitive.includes(name) || isSensitive(present[name]) || isSensitive(desired[name]),
    }));
}

const isSensitive = (attribute: Attribute) => attribute instanceof Content && attribute.sensitive;

/** A file's bytes, or only their digest where the bytes stayed on the host, or in a large file of this machine. */
export class Content {
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  readonly size: number;
  readonly bytes: Buffer | undefined;
  /** Holds a secret: shown masked. */
  readonly sensitive: boolean;
  readonly #read: Upload['read'] | undefined;
  /** What to mask of a sensitive content's text, all of it when undefined. */
  readonly secretParts: readonly SecretPart[] | undefined;

  constructor(known: KnownContent) {
    this.sha256 = known.sha256;
    this.size = known.size;
    this.bytes = known.bytes;
    this.#read = known.read;
    this.sensitive = known.sensitive !== undefined && known.sensitive !== false;
    this.secretParts = typeof known.sensitive === 'object' ? known.sensitive : undefined;
  }

  static of(bytes: string | Uint8Array, sensitive: Sensitivity = false): Content {
    const buffer = Buffer.from(bytes);
    return new Content({sha256: sha256(buffer), size: buffer.length, bytes: buffer, sensitive});
  }

  /** The bytes for a host. Throws where they are on a host and not on this machine. */
  upload(): Upload {
    const {sha256, size, bytes} = this;
    const read = bytes === undefined ? this.#read : () => [bytes];
    if (read === undefined) throw new TypeError('the bytes of this content are not on this machine');
    return {sha256, size, read};
  }

  toJSON(): object {
    return {sha256: this.sha256, size: this.size};
  }

  [inspect.custom](): string {
    return `Content(${this.sensitive ? 'sensitive' : `${this.size} bytes, sha256 ${this.sha256.slice(0, 12)}`})`;
  }
}

/** What a content is made from. `read`: gives the bytes where they are not in memory. */
interface KnownContent {
  readonly sha256: string;
  readonly size: number;
  readonly bytes?: Buffer | undefined;
  readonly read?: Upload['read'] | undefined;
  readonly sensitive?: Sensitivity;
}

/** Whether a content holds secrets, or where. */
export type Sensitivity = boolean | readonly SecretPart[];

/** A stretch of a text that must not be shown, in UTF-16 units: from its first character to before `to`. */
export type SecretPart = readonly [from: number, to: number];

/**
 * Where the secrets that were printed into a text are in it, in order and without overlaps. Undefined when that is not
 * certain, so that the whole text must be hidden: one is too short to be distinguished from other text, or is found
 * less often than it was printed, so it must have been changed afterwards.
 */
export function findSecrets(text: string, printed: readonly Secret[]): readonly SecretPart[] | undefined {
  const counts = new Map<string, number>();
  for (const clear of printed.map((each) => each.reveal())) counts.set(clear, (counts.get(clear) ?? 0) + 1);
  const parts: SecretPart[] = [];
  for (const [clear, count] of counts) {
    const found = clear.length < SHORTEST ? [] : occurrences(text, clear);
    if (found.length < count) return undefined;
    parts.push(...found);
  }
  return united(parts);
}

/** The lines of a text, without their line breaks, that must be hidden; blank lines are never hidden. */
export function hideLines(text: string, isHidden: (line: string) => boolean): readonly SecretPart[] {
  let start = 0;
  return text.split('\n').flatMap((line): SecretPart[] => {
    const from = start;
    start += line.length + 1;
    return line.trim() !== '' && isHidden(line) ? [[from, from + line.length]] : [];
  });
}

/** Characters; a shorter secret may be part of other words by chance. */
const SHORTEST = 4;

function occurrences(text: string, clear: string): SecretPart[] {
  const found: SecretPart[] = [];
  for (let at = text.indexOf(clear); at >= 0; at = text.indexOf(clear, at + 1)) {
    found.push([at, at + clear.length]);
  }
  return found;
}

function united(parts: readonly SecretPart[]): SecretPart[] {
  const merged: SecretPart[] = [];
  for (const [from, to] of parts.toSorted(([left], [right]) => left - right)) {
    const last = merged.at(-1);
    if (last === undefined || from > last[1]) merged.push([from, to]);
    else merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return merged;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
