/** What is found in a stream: pieces of a line that belongs to a step, its end, or a mark. */
export interface LineSink {
  /** Some bytes of a line that a step printed. */
  text(step: number, bytes: Buffer): void;
  /** That line is over. */
  lineEnd(step: number): void;
  /** A line of the loop's own, without its line break: at most 64 characters. */
  mark(line: string): void;
}

/** The stream is not what the remote loop writes. */
export class BrokenFrame extends Error {
  override readonly name = 'BrokenFrame';
}

/**
 * Cuts a stream into lines, however the chunks fall. A line `5:…` is one that step 5 printed, any other is a mark. Each
 * byte is read once, and at most the first 64 of a line are kept here. Throws {@link BrokenFrame} for a line that is
 * neither.
 */
export class MarkedLines {
  readonly #sink: LineSink;
  /** The step whose line is being read; undefined at the beginning of a line. */
  #step: number | undefined;
  #head = '';

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at = this.#step === undefined ? this.#readHead(chunk, at) : this.#readText(chunk, at);
  }

  #readHead(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === COLON || byte === LINE_BREAK) {
        const head = this.#head;
        this.#head = '';
        if (byte === COLON) this.#step = stepOf(head);
        else this.#sink.mark(head);
        return at + 1;
      }
      if (this.#head.length === LONGEST_MARK) throw new BrokenFrame(`a line begins with ${JSON.stringify(this.#head)}`);
      this.#head += String.fromCharCode(byte ?? 0);
    }
    return chunk.length;
  }

  #readText(chunk: Buffer, from: number): number {
    const step = this.#step ?? 0;
    const end = chunk.indexOf(LINE_BREAK, from);
    const text = chunk.subarray(from, end < 0 ? chunk.length : end);
    if (text.length > 0) this.#sink.text(step, text);
    if (end < 0) return chunk.length;
    this.#step = undefined;
    this.#sink.lineEnd(step);
    return end + 1;
  }
}

function stepOf(head: string): number {
  if (!/^\d{1,9}$/.test(head)) throw new BrokenFrame(`a line begins with ${JSON.stringify(head)}`);
  return Number(head);
}

const COLON = 58;
const LINE_BREAK = 10;
const LONGEST_MARK = 64;
