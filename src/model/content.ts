import {createHash} from 'node:crypto';
import {inspect} from 'node:util';
import {type Upload, uploadOf} from '../shell/index.js';
import type {SecretPart} from './secret-part.js';

/** A file's bytes, or only their digest where the bytes stayed on the host. */
export class Content {
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  readonly size: number;
  readonly bytes: Buffer | undefined;
  /** Holds a secret: shown masked. */
  readonly sensitive: boolean;
  /** What to mask of a sensitive content's text, all of it when undefined. */
  readonly secretParts: readonly SecretPart[] | undefined;

  constructor(known: {sha256: string; size: number; bytes?: Buffer | undefined; sensitive?: Sensitivity}) {
    this.sha256 = known.sha256;
    this.size = known.size;
    this.bytes = known.bytes;
    this.sensitive = known.sensitive !== undefined && known.sensitive !== false;
    this.secretParts = typeof known.sensitive === 'object' ? known.sensitive : undefined;
  }

  static of(bytes: string | Uint8Array, sensitive: Sensitivity = false): Content {
    const buffer = Buffer.from(bytes);
    return new Content({sha256: sha256(buffer), size: buffer.length, bytes: buffer, sensitive});
  }

  /** The bytes for a host. Throws where they are not here but on a host. */
  upload(): Upload {
    if (this.bytes === undefined) throw new TypeError('the bytes of this content are not here');
    return {...uploadOf(this.bytes), sha256: this.sha256};
  }

  toJSON(): object {
    return {sha256: this.sha256, size: this.size};
  }

  [inspect.custom](): string {
    return `Content(${this.sensitive ? 'sensitive' : `${this.size} bytes, sha256 ${this.sha256.slice(0, 12)}`})`;
  }
}

/** Whether a content holds secrets, or where. */
export type Sensitivity = boolean | readonly SecretPart[];

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
