import {createHash} from 'node:crypto';
import {inspect} from 'node:util';
import type {Upload} from '../../shell/index.js';
import type {SecretPart} from './secret-part.js';

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

  /** The bytes for a host. Throws where they are not here but on a host. */
  upload(): Upload {
    const {sha256, size, bytes} = this;
    const read = bytes === undefined ? this.#read : () => [bytes];
    if (read === undefined) throw new TypeError('the bytes of this content are not here');
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

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
