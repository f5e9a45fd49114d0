import type {Command} from './command.js';
import type {Reply} from './reply.js';
import {StreamSplitter} from './splitter.js';

/** One command of a script. */
export interface Step {
  readonly command: Command;
  /** When it fails, nothing after it runs. Probes go on, changes stop. */
  readonly required: boolean;
}

/** What a script tells while it runs: a step began, a step ended with its reply, the whole script ended. */
export type FrameEvent =
  | {readonly type: 'began'; readonly step: number}
  | {readonly type: 'ended'; readonly step: number; readonly reply: Reply}
  | {readonly type: 'finished'};

/**
 * Many commands as one script. Each runs in a subshell of its own; before and after it, a line with the run's random
 * nonce goes to standard output and to standard error, so that both can be cut into replies and nothing that a
 * command prints can forge a reply.
 *
 * The nonce is the shell variable `nonce` of the remote loop (see `transport/bootstrap.ts`), never part of an argv.
 * A stoppable script ends before its next step once the run was told to stop.
 */
export function renderScript(steps: readonly Step[], {stoppable = false} = {}): string {
  const check = stoppable ? `${STOP_CHECK};` : '';
  const lines = steps.map(({command, required}, index) => {
    const stop = required ? ' || exit 0' : '';
    return `${check}b ${index};(\n${command.reveal()}\n);e ${index} $?${stop}`;
  });
  return [PRELUDE, ...lines].join('\n');
}

/** One command for the remote shell itself: files it opens and variables it sets stay. It must not exit. */
export function renderKeptScript(command: Command): string {
  return `${PRELUDE}\nb 0;{\n${command.reveal()}\n};e 0 $?`;
}

/** Cuts the two output streams of the remote loop back into the replies of a script's steps. */
export class FrameReader {
  readonly #stdout: StreamSplitter;
  readonly #stderr: StreamSplitter;
  readonly #emit: (event: FrameEvent) => void;

  /** `limit`: bytes kept of each stream of a step; of longer output the last part stays. */
  constructor(nonce: string, limit: number, emit: (event: FrameEvent) => void) {
    this.#stdout = new StreamSplitter(nonce, limit);
    this.#stderr = new StreamSplitter(nonce, limit);
    this.#emit = emit;
  }

  readStdout(chunk: Buffer): void {
    this.#stdout.push(chunk);
    this.#drain();
  }

  readStderr(chunk: Buffer): void {
    this.#stderr.push(chunk);
    this.#drain();
  }

  /** Everything printed since the last mark: what a host says before its loop answers, or when it dies. */
  rest(): string {
    return `${this.#stderr.rest()}${this.#stdout.rest()}`;
  }

  #drain(): void {
    for (;;) {
      const out = this.#stdout.peek();
      if (out?.kind === 'B') {
        this.#stdout.shift();
        this.#emit({type: 'began', step: out.step});
        continue;
      }
      const err = this.#stderr.peek();
      if (out === undefined || err === undefined) return;
      this.#stdout.shift();
      this.#stderr.shift();
      this.#emit(out.kind === 'D' ? {type: 'finished'} : {type: 'ended', step: out.step, reply: replyOf(out, err)});
    }
  }
}

type Cut = NonNullable<ReturnType<StreamSplitter['peek']>>;

function replyOf(out: Cut, err: Cut): Reply {
  return {
    code: out.code,
    stdout: out.text.toString(),
    stderr: err.text.toString(),
    truncated: out.truncated || err.truncated,
  };
}

/** The remote loop's lease is ended to stop a run: a builtin asks for it, without a process of its own. */
const STOP_CHECK = 'kill -0 "$lease" 2>/dev/null || exit 0';

const PRELUDE = [
  `b() { printf '\\n%s B %d 0\\n' "$nonce" "$1"; }`,
  `e() { printf '\\n%s E %d %d\\n' "$nonce" "$1" "$2"; printf '\\n%s E %d %d\\n' "$nonce" "$1" "$2" >&2; return "$2"; }`,
].join('\n');
