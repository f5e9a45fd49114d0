import {ByteTail} from './byte-tail.js';

/** Bytes of a line that are passed on; of a longer one the rest is left out, and the word that is cut, which may be a secret. */
const LONGEST_LINE = 16_384;

/** Lines of a step that are passed on, and how many blank ones of a row: each costs, and a host may print without an end. */
const MOST_LINES = 100_000;
const MOST_BLANKS = 100;

/**
 * What a step has said on one stream. The loop ends it with a line break of its own, so the last line is either what the
 * step left without one or empty.
 */
export class Heard {
  readonly #tail: ByteTail;
  readonly #hear: ((line: string) => void) | undefined;
  #line: Buffer[] = [];
  #length = 0;
  #blanks = 0;
  #told = 0;

  /** `limit`: bytes kept of its end. `hear` is told each line when it is whole, so that what is masked is found. */
  constructor(limit: number, hear?: (line: string) => void) {
    this.#tail = new ByteTail(limit);
    this.#hear = hear;
  }

  push(bytes: Buffer): void {
    this.#tail.push(bytes);
    if (this.#hear === undefined || this.#length >= LONGEST_LINE) return;
    const part = bytes.subarray(0, LONGEST_LINE - this.#length);
    this.#line.push(part);
    this.#length += part.length;
  }

  endLine(): void {
    this.#tail.push(LINE_BREAK);
    if (this.#hear === undefined) return;
    if (this.#length === 0) {
      if (this.#blanks < MOST_BLANKS) this.#blanks += 1;
      return;
    }
    for (; this.#blanks > 0; this.#blanks--) this.#tell('');
    const whole = Buffer.concat(this.#line).toString();
    this.#tell(this.#length < LONGEST_LINE ? whole : whole.replace(/\S*$/, '…'));
    this.#line = [];
    this.#length = 0;
  }

  #tell(line: string): void {
    this.#told += 1;
    if (this.#told <= MOST_LINES) this.#hear?.(this.#told < MOST_LINES ? line : '…');
  }

  get truncated(): boolean {
    return this.#tail.truncated;
  }

  /** Without the line break that the loop put there. */
  bytes(): Buffer {
    const bytes = this.#tail.bytes();
    return bytes.subarray(0, Math.max(0, bytes.length - 1));
  }
}

const LINE_BREAK = Buffer.from('\n');
