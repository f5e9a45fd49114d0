import {BrokenFrame, MarkedLines} from './marked-lines.js';
import {AS_EXPECTED, type Reply, replyOf, type ShellStep} from './script.js';
import {StepOutput} from './step-output.js';

/** What a script reports while it runs: a change began, a step ended with its reply, the whole script ended. */
export type FrameEvent =
  | {readonly type: 'began'; readonly step: number}
  | {readonly type: 'ended'; readonly step: number; readonly reply: Reply}
  | {readonly type: 'finished'};

/** A line that a running step printed, without its line break. */
export interface OutputLine {
  readonly step: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Receives the answers to one script; steps count from 0. */
export interface ScriptListener {
  onEvent(event: FrameEvent): void;
  /** A record of an upload was stored, or it could not be and the loop has ended. */
  onStored?: ((isStored: boolean) => void) | undefined;
  /** Called with every line of steps that are `live`. */
  onOutput?: ((line: OutputLine) => void) | undefined;
}

/** Bytes kept of each output stream: of a probe enough for any answer, of a change its end. */
const KEPT = {probe: 8 * 1024 * 1024, change: 1024 * 1024};

/**
 * Bytes that probes of one script may print together, and characters of all its replies: many long ones fill memory.
 */
const MOST_BYTES = 128 * 1024 * 1024;

/**
 * Reads the answers to one script from the two streams of the remote loop. They come in one fixed order, and anything
 * else throws {@link BrokenFrame}:
 *
 * On standard output `N+` when change N begins, `N:LINE` for each line that step N prints, then `N. CODE` when it has
 * ended or `N=` when it answered as expected; steps one after another, except probes, of which many print their lines
 * before they end together. On standard error `N:LINE`, and `N.` when that step and all before it have printed
 * everything. `=` on both streams ends the script. Before the first step, `~` says that a record of an upload was
 * stored, and `!` that it could not be.
 */
export class FrameReader {
  readonly #steps: readonly ShellStep[];
  readonly #first: number;
  readonly #listener: ScriptListener;
  readonly #out: Stream;
  readonly #err: Stream;
  readonly #ends: (number | 'as expected')[] = [];
  #begun = -1;
  #reported = 0;
  #received = 0;

  /** `first`: the number that the script gives to its first step. */
  constructor(steps: readonly ShellStep[], first: number, listener: ScriptListener) {
    this.#steps = steps;
    this.#first = first;
    this.#listener = listener;
    this.#out = this.#stream('stdout', (line) => this.#markOut(line));
    this.#err = this.#stream('stderr', (line) => this.#markErr(line));
  }

  readStdout(chunk: Buffer): void {
    this.#out.lines.push(chunk);
  }

  readStderr(chunk: Buffer): void {
    this.#err.lines.push(chunk);
  }

  #stream(name: OutputLine['stream'], mark: (line: string) => void): Stream {
    const text = (number: number, bytes: Buffer) => {
      const output = this.#outputOf(stream, name, number);
      this.#count(number, bytes.length);
      output.push(bytes);
    };
    const lineEnd = (number: number) => {
      const output = this.#outputOf(stream, name, number);
      this.#count(number, 1);
      output.endLine();
    };
    const outputs = new Map<number, StepOutput>();
    const stream = {lines: new MarkedLines({text, lineEnd, mark}), outputs, next: 0, done: false};
    return stream;
  }

  #outputOf(stream: Stream, name: OutputLine['stream'], number: number): StepOutput {
    const index = number - this.#first;
    const known = stream.outputs.get(index);
    if (known) return known;
    const step = this.#steps[index];
    const isTurn = index === stream.next || (index > stream.next && step?.mode === 'probe');
    if (stream.done || step === undefined || !isTurn) throw new BrokenFrame(`"${number}:" is out of turn`);
    const onLine =
      step.mode === 'live' ? (text: string) => this.#listener.onOutput?.({step: index, stream: name, text}) : undefined;
    const output = new StepOutput(isProbe(step) ? KEPT.probe : KEPT.change, onLine);
    stream.outputs.set(index, output);
    return output;
  }

  /** A change may print without an end; of it only the end is kept, and counted with its reply. */
  #count(number: number, bytes: number): void {
    const step = this.#steps[number - this.#first];
    if (isProbe(step)) this.#add(bytes);
  }

  #add(length: number): void {
    this.#received += length;
    if (this.#received > MOST_BYTES) throw new BrokenFrame('it answers too much');
  }

  #markOut(line: string): void {
    const [, number = '', sign = '', code = ''] = /^(\d{1,9})([+=]|\. (\d{1,3}))$/.exec(line) ?? [];
    if (line === '=') this.#finish(this.#out);
    else if (/^[~!]$/.test(line) && this.#out.next === 0 && this.#begun < 0) this.#listener.onStored?.(line === '~');
    else if (number === '' || this.#out.done) throw new BrokenFrame(`the mark ${JSON.stringify(line)} is out of turn`);
    else this.#turn(Number(number) - this.#first, sign.slice(0, 1), Number(code));
  }

  #turn(index: number, sign: string, code: number): void {
    const step = this.#steps[index];
    const isTurn = step !== undefined && index === this.#out.next;
    const isActing = isTurn && !isProbe(step);
    if (sign === '+' && isActing && this.#begun < index) {
      this.#begun = index;
      this.#listener.onEvent({type: 'began', step: index});
    } else if (sign === '=' && isTurn && step.expect) this.#end(index, 'as expected');
    else if (sign === '.' && isTurn && code <= 255 && (!isActing || this.#begun === index)) this.#end(index, code);
    else throw new BrokenFrame(`the mark ${sign} of step ${index} is out of turn`);
  }

  #end(index: number, how: number | 'as expected'): void {
    this.#ends[index] = how;
    this.#out.next = index + 1;
    this.#report();
  }

  #markErr(line: string): void {
    const index = /^\d{1,9}\.$/.test(line) ? Number.parseInt(line, 10) - this.#first : -1;
    if (line === '=') {
      this.#finish(this.#err);
      return;
    }
    if (index < this.#err.next || index >= this.#steps.length || this.#err.done)
      throw new BrokenFrame(`the mark ${JSON.stringify(line)} is out of turn`);
    this.#err.next = index + 1;
    this.#report();
  }

  /** Ends become replies when both streams are through with the step. */
  #report(): void {
    for (; this.#reported < Math.min(this.#out.next, this.#err.next); this.#reported++) {
      const step = this.#reported;
      const reply = this.#reply(step);
      if (!isProbe(this.#steps[step])) this.#add(reply.stdout.length + reply.stderr.length);
      this.#listener.onEvent({type: 'ended', step, reply});
      this.#out.outputs.delete(step);
      this.#err.outputs.delete(step);
    }
  }

  #reply(index: number): Reply {
    const end = this.#ends[index];
    if (end === 'as expected') return AS_EXPECTED;
    const [out, err] = [this.#out.outputs.get(index), this.#err.outputs.get(index)];
    const truncated = out?.truncated === true || err?.truncated === true;
    return replyOf(Number(end), out?.bytes() ?? NOTHING, err?.bytes() ?? NOTHING, truncated);
  }

  #finish(stream: Stream): void {
    if (stream.done) throw new BrokenFrame('the script ends twice');
    stream.done = true;
    if (!this.#out.done || !this.#err.done) return;
    if (this.#out.next !== this.#err.next) throw new BrokenFrame('the script ends within a step');
    this.#listener.onEvent({type: 'finished'});
  }
}

interface Stream {
  readonly lines: MarkedLines;
  readonly outputs: Map<number, StepOutput>;
  /** The first step that has not ended here. */
  next: number;
  /** The script has ended here. */
  done: boolean;
}

const isProbe = (step: ShellStep | undefined) => step?.mode === 'probe' || step?.expect !== undefined;

const NOTHING = Buffer.alloc(0);
