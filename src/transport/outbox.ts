import type {Upload} from '../shell/index.js';

/** Bytes of the first record of an upload, and of the largest. */
const RECORD = {first: 16 * 1024, largest: 1024 * 1024};

/** Bytes that may always be on their way to a host without a confirmation. */
const WINDOW = 256 * 1024;

/** Milliseconds between two confirmations: below `quick` records grow, above `slow` they shrink. */
const PACE = {quick: 500, slow: 4000};

/** Bytes that are written at once. */
const PIECE = 32 * 1024;

/**
 * Writes records, never faster than the host takes them: only tens of kilobytes wait here, whatever the size of the
 * records. The records of an upload are so small that the host confirms each within seconds: a slow link is seen to be alive.
 */
export class Outbox {
  readonly #write: (bytes: Buffer) => Promise<void>;
  /** Sizes of the records that are not confirmed yet, the oldest first. */
  readonly #open: number[] = [];
  /** Their sum. */
  #waiting = 0;
  #record = RECORD.first;
  #since = 0;
  #wake: (() => void) | undefined;
  #isClosed = false;

  /** `write` resolves when the connection takes more, or never will. */
  constructor(write: (bytes: Buffer) => Promise<void>) {
    this.#write = write;
  }

  /**
   * Sends a file. `isStopped`: the rest of it is not needed. Rejects when the source gives more or less than its size, or
   * fails: the host then waits for the rest, and the connection can no longer be used.
   */
  async upload(source: Upload, isStopped: () => boolean): Promise<void> {
    let [left, room] = [source.size, 0];
    for await (const piece of source.read()) {
      for (const bytes of cut(piece, PIECE)) {
        for (let at = 0; at < bytes.length; ) {
          if (room === 0) {
            if (isStopped() || this.#isClosed) return;
            room = await this.#begin(source, left);
          }
          const part = bytes.subarray(at, at + room);
          await this.#write(part);
          [at, left, room] = [at + part.length, left - part.length, room - part.length];
        }
      }
    }
    if (source.size === 0) await this.#begin(source, 0);
    if (left > 0) throw new RangeError('the local file has become shorter while it was read');
  }

  /** Sends a record of another kind: its line, and the bytes after it. */
  async send(line: string, bytes: Buffer): Promise<void> {
    await this.#write(Buffer.from(`${line}\n`));
    for (const piece of cut(bytes, PIECE)) await this.#write(piece);
  }

  /** The host has stored a record. */
  confirm(): void {
    const size = this.#open.shift() ?? 0;
    this.#waiting -= size;
    const now = performance.now();
    const took = now - this.#since;
    this.#since = now;
    if (took < PACE.quick && size === this.#record) this.#record = Math.min(RECORD.largest, this.#record * 2);
    else if (took > PACE.slow) this.#record = Math.max(RECORD.first, Math.ceil(this.#record / 2));
    this.#wake?.();
  }

  /** Nothing more is written, and a write that waits ends. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  /** Sends the head of the next record of a file once the host has room for it. Returns the record's size. */
  async #begin({sha256, size}: Upload, left: number): Promise<number> {
    const record = Math.min(this.#record, left);
    if (size > 0 && left === 0) throw new RangeError('the local file has become longer while it was read');
    while (!this.#isClosed && this.#waiting > 0 && this.#waiting + record > Math.max(WINDOW, 2 * this.#record)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#open.length === 0) this.#since = performance.now();
    this.#open.push(record);
    this.#waiting += record;
    await this.#write(Buffer.from(`DATA ${record} ${sha256}\n`));
    return record;
  }
}

function* cut(bytes: Uint8Array, most: number): Generator<Buffer> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < buffer.length; at += most) yield buffer.subarray(at, at + most);
}
