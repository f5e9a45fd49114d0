import {isUtf8} from 'node:buffer';
import {holdsSecret} from '../diff/index.js';
import {sha256 as sha256Of} from '../local/digest.js';
import {type Attribute, Content} from '../model/index.js';
import {MASK} from '../shell/index.js';
import type {Digest} from './digest.js';
import type {RecordedValue} from './format.js';

/** Bytes of text beyond which a content is held by digest and size only. */
const LIMIT = 64 * 1024;

/** How attributes become values of a plan. */
export interface Encoding {
  /** Puts a mask over every secret in a text. */
  mask(text: string): string;
  /** Without it, nothing is kept of a secret. */
  readonly digest?: Digest | undefined;
}

/** Turns attributes into values of a plan and gathers the texts that they refer to. */
export class ValueWriter {
  readonly contents: Record<string, string> = {};
  readonly #encoding: Encoding;

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
  }

  /** `sensitive`: nothing may be held of it. `undefined` for an attribute that a thing does not have. */
  write(attribute: Attribute, sensitive: boolean): RecordedValue | undefined {
    if (attribute === undefined) return undefined;
    if (sensitive || (attribute instanceof Content && attribute.sensitive)) return this.#hidden(attribute);
    if (attribute instanceof Content) return this.#content(attribute);
    if (typeof attribute === 'string') return this.#encoding.mask(attribute);
    return typeof attribute === 'object' ? attribute.map((each) => this.#encoding.mask(each)) : attribute;
  }

  #hidden(attribute: Attribute): RecordedValue {
    const {digest} = this.#encoding;
    return {
      sensitive: true,
      ...(digest && {digest: digest(JSON.stringify(['value', attribute]))}),
    };
  }

  #content(content: Content): RecordedValue {
    const {bytes, sha256, size} = content;
    if (bytes === undefined || size > LIMIT) return this.#holds(bytes) ? this.#hidden(content) : {sha256, size};
    if (bytes.includes(0) || !isUtf8(bytes)) {
      return this.#holds(bytes) ? this.#hidden(content) : {sha256, size, binary: true};
    }
    const text = this.#encoding.mask(bytes.toString());
    const name = sha256Of(text);
    this.contents[name] = text;
    return {content: name};
  }

  #holds(bytes: Buffer | undefined): boolean {
    return holdsSecret(bytes, (text) => this.#encoding.mask(text));
  }
}

/** The attribute that a value of a plan stands for: a secret as its mask, bytes that are not held as their digest. */
export function readValue(value: RecordedValue | undefined, contents: Readonly<Record<string, string>>): Attribute {
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  if ('sensitive' in value) return MASK;
  if ('content' in value) return Content.of(contents[value.content] ?? '');
  const {sha256, size, binary} = value;
  return new Content({sha256, size, bytes: binary && NOT_TEXT});
}

/** Stands for bytes that are known not to be text. */
const NOT_TEXT = Buffer.of(0);
