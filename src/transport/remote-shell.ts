import {randomBytes} from 'node:crypto';
import type {ClientChannel} from 'ssh2';
import {type Failure, HostError} from '../model/index.js';
import {
  type Command,
  type FrameEvent,
  FrameReader,
  OutputLines,
  type Reply,
  renderKeptScript,
  renderScript,
  type Step,
} from '../shell/index.js';
import {PULSE} from './bootstrap.js';
import type {RunOptions} from './connection.js';

/** Bytes kept of each output stream of a step: enough for any probe, a bound for a command that never stops talking. */
const OUTPUT_LIMIT = 8 * 1024 * 1024;

interface Run {
  readonly replies: (Reply | undefined)[];
  readonly onEvent: (event: FrameEvent) => void;
  readonly output: OutputLines | undefined;
  readonly resolve: (replies: readonly (Reply | undefined)[]) => void;
  readonly reject: (error: HostError) => void;
  readonly timer: NodeJS.Timeout;
}

/** The remote loop of `bootstrap.ts` on an open channel: scripts in, replies out, one at a time. */
export class RemoteShell {
  readonly #nonce = randomBytes(16).toString('hex');
  readonly #channel: ClientChannel;
  readonly #reader: FrameReader;
  readonly #explain: (rest: string, code?: number) => Failure;
  /** The host has answered: from here on, an end of the shell is an accident. */
  #answered = false;
  #code: number | undefined;
  #run: Run | undefined;
  #failure: Failure | undefined;
  readonly #pulse: NodeJS.Timeout;
  /** A watcher reads what is sent until it is told that a script comes. */
  #watched = false;

  /**
   * `explain` turns what a host said last, and the code of a shell that ended before it answered anything, into the
   * reason why it ended.
   */
  constructor(channel: ClientChannel, explain: (rest: string, code?: number) => Failure) {
    this.#channel = channel;
    this.#explain = explain;
    this.#reader = new FrameReader(this.#nonce, OUTPUT_LIMIT, (event) => this.#receive(event));
    channel.on('data', (chunk: Buffer) => {
      this.#run?.output?.push('stdout', chunk);
      this.#reader.readStdout(chunk);
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      this.#run?.output?.push('stderr', chunk);
      this.#reader.readStderr(chunk);
    });
    // Not told when the connection is lost: then the code stays unknown.
    channel.on('exit', (code: number | null) => {
      this.#code = this.#answered ? undefined : (code ?? undefined);
    });
    for (const end of ['error', 'close'])
      channel.on(end, () => this.fail(this.#explain(this.#reader.rest(), this.#code)));
    channel.write(`${this.#nonce}\n`);
    this.#pulse = setInterval(() => this.#tell(''), PULSE * 1000).unref();
  }

  run(steps: readonly Step[], options: RunOptions): Promise<readonly (Reply | undefined)[]> {
    const {stoppable = false} = options;
    return this.#send('run', renderScript(steps, {stoppable}), {...options, steps: steps.length});
  }

  async keep(command: Command): Promise<Reply> {
    const [reply] = await this.#send('keep', renderKeptScript(command), {timeout: 60, steps: 1});
    if (!reply) throw new Error('a kept command ended without a reply');
    return reply;
  }

  /** The running script, if it is a stoppable one, and every later one end before their next step. */
  stop(): void {
    this.#tell('stop');
  }

  /** The connection under the shell is gone: the running script, if any, and every later one fails so. */
  fail(failure: Failure): void {
    this.#failure ??= failure;
    clearInterval(this.#pulse);
    const run = this.#end();
    run?.reject(new HostError(this.#failure));
  }

  /** End of input: the watchdog on the host ends what is left there. */
  close(): void {
    clearInterval(this.#pulse);
    this.#channel.end();
  }

  #send(mode: 'run' | 'keep', text: string, {timeout, onEvent, onOutput, steps}: Sending) {
    if (this.#run) throw new Error('a script is running already');
    if (this.#failure) return Promise.reject(new HostError(this.#failure));
    const script = Buffer.from(text);
    return new Promise<readonly (Reply | undefined)[]>((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(timeout), timeout * 1000);
      const replies = Array.from({length: steps}, () => undefined);
      const output = onOutput && new OutputLines(this.#nonce, onOutput);
      this.#run = {replies, onEvent: onEvent ?? ignore, output, resolve, reject, timer};
      this.#tell('go');
      this.#channel.write(Buffer.concat([Buffer.from(`${mode} ${script.length}\n`), script]));
      this.#watched = true;
    });
  }

  /** A line for the watcher; before the first script there is none. */
  #tell(word: 'go' | 'stop' | ''): void {
    if (this.#watched && this.#channel.writable) this.#channel.write(`${word}\n`);
  }

  #receive(event: FrameEvent): void {
    this.#answered = true;
    const run = this.#run;
    if (!run) return;
    if (event.type === 'ended') run.replies[event.step] = event.reply;
    run.onEvent(event);
    if (event.type === 'finished') this.#end()?.resolve(run.replies);
  }

  #giveUp(seconds: number): void {
    this.fail({
      reason: 'timed-out',
      message: `no answer within ${seconds} seconds`,
      hint: 'Look at the load of the host.',
    });
    this.#channel.close();
  }

  #end(): Run | undefined {
    const run = this.#run;
    this.#run = undefined;
    clearTimeout(run?.timer);
    return run;
  }
}

interface Sending extends RunOptions {
  readonly steps: number;
}

const ignore = () => {};
