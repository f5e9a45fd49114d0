/**
 * Bytes of a line that are passed on; of a longer one the rest is left out, and the word that is cut, which may be a
 * secret.
 */
const LONGEST_LINE = 16_384;

/**
 * Lines of a step that are passed on, and how many blank ones of a row: each costs time, and a host may print without
 * an end.
 */
const MOST_LINES = 100_000;
const MOST_BLANKS = 100;

/**
 * What a step has printed on one stream. The loop ends it with a line break of its own, so the last line is either what
 * the step left without one or empty.
 */
export class StepOutput {
  readonly #tail: ByteTail;
  readonly #onLine: ((line: string) => void) | undefined;
  #line: Buffer[] = [];
  #length = 0;
  #blanks = 0;
  #reported = 0;

  /** `limit`: bytes kept of its end. `onLine` gets each line when it is whole, so that what is masked is found. */
  constructor(limit: number, onLine?: (line: string) => void) {
    this.#tail = new ByteTail(limit);
    this.#onLine = onLine;
  }

  push(bytes: Buffer): void {
    this.#tail.push(bytes);
    if (this.#onLine === undefined || this.#length >= LONGEST_LINE) return;
    const part = bytes.subarray(0, LONGEST_LINE - this.#length);
    this.#line.push(part);
    this.#length += part.length;
  }

  endLine(): void {
    this.#tail.push(LINE_BREAK);
    if (this.#onLine === undefined) return;
    if (this.#length === 0) {
      if (this.#blanks < MOST_BLANKS) this.#blanks += 1;
      return;
    }
    for (; this.#blanks > 0; this.#blanks--) this.#report('');
    const whole = Buffer.concat(this.#line).toString();
    this.#report(this.#length < LONGEST_LINE ? whole : whole.replace(/\S*$/, '…'));
    this.#line = [];
    this.#length = 0;
  }

  #report(line: string): void {
    this.#reported += 1;
    if (this.#reported <= MOST_LINES) this.#onLine?.(this.#reported < MOST_LINES ? line : '…');
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

/**
 * Bytes that are added piece by piece, of which only the last ones are kept. Each piece is copied a few times at most.
 */
export class ByteTail {
  readonly #limit: number;
  #buffer = Buffer.alloc(0);
  #size = 0;
  /** Something was dropped. */
  truncated = false;

  /** `limit`: how many bytes are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(bytes: Uint8Array): void {
    const piece = bytes.length > this.#limit ? bytes.subarray(bytes.length - this.#limit) : bytes;
    if (piece.length < bytes.length) this.truncated = true;
    if (this.#size + piece.length > this.#buffer.length) this.#makeRoom(piece.length);
    this.#buffer.set(piece, this.#size);
    this.#size += piece.length;
  }

  /** What is kept. */
  bytes(): Buffer {
    this.#drop();
    return this.#buffer.subarray(0, this.#size);
  }

  /** Grows to twice the limit at most; from then on every second half is dropped at once. */
  #makeRoom(length: number): void {
    this.#drop();
    if (this.#size + length <= this.#buffer.length) return;
    const wanted = Math.max(1024, 2 * (this.#size + length));
    const grown = Buffer.allocUnsafe(Math.min(wanted, 2 * this.#limit + length));
    this.#buffer.copy(grown, 0, 0, this.#size);
    this.#buffer = grown;
  }

  #drop(): void {
    if (this.#size <= this.#limit) return;
    this.#buffer.copyWithin(0, this.#size - this.#limit, this.#size);
    this.#size = this.#limit;
    this.truncated = true;
  }
}
