import {randomBytes} from 'node:crypto';
import type {ClientChannel} from 'ssh2';
import {type Failure, HostError} from '../model/index.js';
import {
  type Command,
  type FrameEvent,
  FrameReader,
  type Reply,
  renderKeptScript,
  renderScript,
  type Step,
} from '../shell/index.js';
import type {RunOptions} from './connection.js';

/** Bytes kept of each output stream of a step: enough for any probe, a bound for a command that never stops talking. */
const OUTPUT_LIMIT = 8 * 1024 * 1024;

interface Run {
  readonly replies: (Reply | undefined)[];
  readonly onEvent: (event: FrameEvent) => void;
  readonly resolve: (replies: readonly (Reply | undefined)[]) => void;
  readonly reject: (error: HostError) => void;
  readonly timer: NodeJS.Timeout;
}

/** The remote loop of `bootstrap.ts` on an open channel: scripts in, replies out, one at a time. */
export class RemoteShell {
  readonly #channel: ClientChannel;
  readonly #reader: FrameReader;
  readonly #explain: (rest: string) => Failure;
  #run: Run | undefined;
  #failure: Failure | undefined;

  /** `explain` turns what a host said last into the reason why its shell ended. */
  constructor(channel: ClientChannel, explain: (rest: string) => Failure) {
    const nonce = randomBytes(16).toString('hex');
    this.#channel = channel;
    this.#explain = explain;
    this.#reader = new FrameReader(nonce, OUTPUT_LIMIT, (event) => this.#receive(event));
    channel.on('data', (chunk: Buffer) => this.#reader.readStdout(chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.#reader.readStderr(chunk));
    channel.on('error', () => this.fail(this.#explain(this.#reader.rest())));
    channel.on('close', () => this.fail(this.#explain(this.#reader.rest())));
    channel.write(`${nonce}\n`);
  }

  run(steps: readonly Step[], {onEvent, timeout}: RunOptions): Promise<readonly (Reply | undefined)[]> {
    return this.#send('run', renderScript(steps), {timeout, onEvent, steps: steps.length});
  }

  async keep(command: Command): Promise<Reply> {
    const [reply] = await this.#send('keep', renderKeptScript(command), {timeout: 60, onEvent: undefined, steps: 1});
    if (!reply) throw new Error('a kept command ended without a reply');
    return reply;
  }

  /** The connection under the shell is gone: the running script, if any, and every later one fails so. */
  fail(failure: Failure): void {
    this.#failure ??= failure;
    const run = this.#end();
    run?.reject(new HostError(this.#failure));
  }

  /** End of input: the watchdog on the host ends what is left there. */
  close(): void {
    this.#channel.end();
  }

  #send(mode: 'run' | 'keep', text: string, {timeout, onEvent, steps}: Sending) {
    if (this.#run) throw new Error('a script is running already');
    if (this.#failure) return Promise.reject(new HostError(this.#failure));
    const script = Buffer.from(text);
    return new Promise<readonly (Reply | undefined)[]>((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(timeout), timeout * 1000);
      const replies = Array.from({length: steps}, () => undefined);
      this.#run = {replies, onEvent: onEvent ?? ignore, resolve, reject, timer};
      this.#channel.write(Buffer.concat([Buffer.from(`${mode} ${script.length}\n`), script]));
    });
  }

  #receive(event: FrameEvent): void {
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

interface Sending {
  readonly timeout: number;
  readonly onEvent: ((event: FrameEvent) => void) | undefined;
  readonly steps: number;
}

const ignore = () => {};
