import {BrokenFrame} from './marked-lines.js';
import {ByteTail} from './step-output.js';

/** Bytes that a host may print before the remote loop begins: a banner, the output of `~/.bashrc` and of sudo. */
const MOST = 1024 * 1024;

/** Bytes of it that are kept to be shown. */
const KEPT = 16 * 1024;

/** Finds the line with which the remote loop begins to answer: `NONCE ready WORDS`. */
export class Greeting {
  readonly #mark: Buffer;
  readonly #said = new ByteTail(KEPT);
  #heard = 0;
  /** What follows the word `ready`, once it was found. */
  found: string | undefined;

  constructor(nonce: string) {
    this.#mark = Buffer.from(`\n${nonce} ready`);
  }

  /**
   * What follows the line in this chunk; nothing before it was found. Throws {@link BrokenFrame} when it does not come.
   */
  push(chunk: Buffer): Buffer | undefined {
    if (this.found !== undefined) return chunk;
    const before = this.#said.bytes().length;
    this.#heard += chunk.length;
    this.#said.push(chunk);
    const bytes = this.#said.bytes();
    const start = bytes.indexOf(this.#mark, Math.max(0, before - KEPT));
    const end = start < 0 ? -1 : bytes.indexOf(10, start + this.#mark.length);
    if (end < 0) {
      if (this.#heard > MOST) throw new BrokenFrame('it prints too much before it answers');
      return undefined;
    }
    this.found = bytes.toString('latin1', start + this.#mark.length, end).trim();
    return Buffer.from(bytes.subarray(end + 1));
  }

  /** The end of what was printed before the greeting. */
  said(): string {
    return this.found === undefined ? this.#said.bytes().toString() : '';
  }
}
