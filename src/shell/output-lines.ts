/** A line that a running step printed, without its line break. */
export interface OutputLine {
  readonly step: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Bytes of a line that are shown; of a longer one the rest is left out, and the word that is cut, which may be a secret. */
const LONGEST = 16_384;

/**
 * The output of a script's steps line by line, as it comes, beside the replies that `FrameReader` makes of it. Whole
 * lines only, so that what is masked by its value is found wherever the chunks were cut.
 */
export class OutputLines {
  readonly #mark: string;
  readonly #emit: (line: OutputLine) => void;
  readonly #streams = {stdout: newStream(), stderr: newStream()};

  constructor(nonce: string, emit: (line: OutputLine) => void) {
    this.#mark = `${nonce} `;
    this.#emit = emit;
  }

  push(stream: OutputLine['stream'], chunk: Buffer): void {
    const state = this.#streams[stream];
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      keep(state, chunk.subarray(from, end));
      from = end + 1;
      this.#line(stream, takeLine(state));
    }
    keep(state, chunk.subarray(from));
  }

  /** A mark stands on a line of its own, with a line break before it that the step did not print. */
  #line(stream: OutputLine['stream'], text: string): void {
    const state = this.#streams[stream];
    if (text.startsWith(this.#mark)) {
      const [kind, step] = text.slice(this.#mark.length).split(' ');
      state.step = kind === 'B' ? Number(step) : Number(step) + 1;
      state.blank = false;
      return;
    }
    if (state.blank) this.#emit({step: state.step, stream, text: ''});
    state.blank = text === '';
    if (!state.blank) this.#emit({step: state.step, stream, text});
  }
}

interface Stream {
  step: number;
  /** An empty line was read: it is the step's own only if no mark follows. */
  blank: boolean;
  parts: Buffer[];
  size: number;
}

const newStream = (): Stream => ({step: 0, blank: false, parts: [], size: 0});

function keep(state: Stream, bytes: Buffer): void {
  const room = LONGEST - state.size;
  if (bytes.length === 0 || room <= 0) return;
  state.parts.push(bytes.subarray(0, room));
  state.size += Math.min(room, bytes.length);
}

function takeLine(state: Stream): string {
  const whole = Buffer.concat(state.parts).toString();
  const text = state.size < LONGEST ? whole : whole.replace(/\S*$/, '…');
  state.parts = [];
  state.size = 0;
  return text;
}
