/** A mark found in a stream, with the bytes printed since the mark before it. */
export interface Cut {
  /** B: a step begins, E: it ended, D: the script is done. */
  readonly kind: 'B' | 'E' | 'D';
  readonly step: number;
  readonly code: number;
  readonly text: Buffer;
  readonly truncated: boolean;
}

/** Cuts one byte stream at the lines `NONCE KIND STEP CODE`, however the chunks fall. */
export class StreamSplitter {
  readonly #mark: Buffer;
  readonly #limit: number;
  readonly #cuts: Cut[] = [];
  #kept: Buffer[] = [];
  #size = 0;
  #truncated = false;
  #tail: Buffer = Buffer.alloc(0);

  constructor(nonce: string, limit: number) {
    this.#mark = Buffer.from(`\n${nonce} `);
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    this.#tail = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    for (;;) {
      const start = this.#tail.indexOf(this.#mark);
      if (start < 0) break;
      const end = this.#tail.indexOf(10, start + this.#mark.length);
      if (end < 0) {
        this.#setAside(start);
        return;
      }
      this.#keep(this.#tail.subarray(0, start));
      this.#cut(this.#tail.toString('latin1', start + this.#mark.length, end));
      this.#tail = this.#tail.subarray(end + 1);
    }
    this.#setAside(Math.max(0, this.#tail.length - this.#mark.length + 1));
  }

  peek(): Cut | undefined {
    return this.#cuts[0];
  }

  shift(): void {
    this.#cuts.shift();
  }

  rest(): string {
    return Buffer.concat([...this.#kept, this.#tail]).toString();
  }

  #setAside(length: number): void {
    this.#keep(this.#tail.subarray(0, length));
    this.#tail = this.#tail.subarray(length);
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#kept.push(bytes);
    this.#size += bytes.length;
    while (this.#size > this.#limit && this.#kept.length > 1) {
      this.#size -= this.#kept.shift()?.length ?? 0;
      this.#truncated = true;
    }
  }

  #cut(line: string): void {
    const [kind, step, code] = line.split(' ');
    if (kind !== 'B' && kind !== 'E' && kind !== 'D') throw new Error(`unknown mark in the stream: ${line}`);
    const cut = {step: Number(step), code: Number(code), text: Buffer.concat(this.#kept), truncated: this.#truncated};
    this.#kept = [];
    this.#size = 0;
    this.#truncated = false;
    this.#cuts.push({kind, ...cut});
  }
}
