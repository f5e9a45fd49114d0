/** Bytes that are added piece by piece, of which only the last ones are kept. Each piece is copied a few times at most. */
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
