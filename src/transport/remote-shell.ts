import {randomBytes} from 'node:crypto';
import {type Failure, HostError} from '../model/index.js';
import {
  BrokenFrame,
  type Command,
  type FrameEvent,
  FrameReader,
  type Reply,
  renderScript,
  type ShellStep,
} from '../shell/index.js';
import {type Channel, PULSE} from './bootstrap.js';
import {Handshake} from './handshake.js';
import {Outbox} from './outbox.js';
import {overdue, type RunningScript} from './running-script.js';
import {ENDED, NOT_STORED, notRead, protocolBroken} from './shell-failures.js';
import type {RunOptions} from './transport.js';

/** The remote loop of `bootstrap.ts` on an open channel: scripts in, replies out, one at a time. */
export class RemoteShell {
  readonly #channel: Channel;
  readonly #flow: () => Promise<void>;
  readonly #outbox = new Outbox((bytes) => this.#write(bytes));
  readonly #handshake: Handshake;
  readonly #pulse: NodeJS.Timeout;
  readonly #closed: Promise<void>;
  #close: () => void = () => {};
  #run: RunningScript | undefined;
  #failure: Failure | undefined;
  /** The number of the next step on this connection. */
  #next = 0;
  #heardAt = performance.now();
  /** A watcher on the host reads what is sent until a line announces a record. */
  #watched = false;
  #stopped = false;

  /**
   * `explain` turns the last output of a host, and the exit code of a shell that ended before it answered, into the
   * reason why it ended. `flow` resolves when the connection under the channel takes more; default: at once.
   */
  constructor(channel: Channel, explain: (said: string, code?: number) => Failure, flow = async () => {}) {
    this.#channel = channel;
    this.#flow = flow;
    this.#handshake = new Handshake(randomBytes(16).toString('hex'));
    this.#closed = new Promise((resolve) => {
      this.#close = resolve;
    });
    let code: number | undefined;
    channel.on('data', (chunk) => this.#hear('stdout', chunk));
    channel.stderr.on('data', (chunk) => this.#hear('stderr', chunk));
    // There is no such event when the connection is lost: then the code stays unknown.
    channel.on('exit', (status) => {
      code = this.#handshake.places === undefined ? (status ?? undefined) : undefined;
    });
    for (const end of ['error', 'close'] as const)
      channel.on(end, () => this.fail(explain(this.#handshake.said(), code)));
    channel.write(Buffer.from(`${this.#handshake.nonce}\n`));
    this.#pulse = setInterval(() => this.#beat(), PULSE * 1000).unref();
  }

  /** Resolves when the host has answered for the first time. Rejects with `HostError`. */
  ready(): Promise<unknown> {
    return this.#handshake.ready;
  }

  run(steps: readonly ShellStep[], options: RunOptions = {}): Promise<readonly (Reply | undefined)[]> {
    return this.#begin('RUN', steps, options);
  }

  async keep(command: Command, options: Pick<RunOptions, 'within'> = {}): Promise<Reply> {
    const [reply] = await this.#begin('KEEP', [{command, required: false}], options);
    if (!reply) throw new HostError(protocolBroken('it ends a command without an answer'));
    return reply;
  }

  /** Ends the running script, if it is stoppable, and every later one before its next change. */
  stop(): void {
    this.#stopped = true;
    this.#signal('stop');
  }

  /** The connection under the shell is lost: the running script and every later one fail with this. */
  fail(failure: Failure): void {
    this.#abandon(failure, new HostError(this.#failure ?? failure));
  }

  /** Ends the input: the watchdog on the host ends what still runs there. */
  close(): void {
    clearInterval(this.#pulse);
    this.#channel.end();
  }

  #begin(
    verb: RunningScript['verb'],
    steps: readonly ShellStep[],
    options: RunOptions,
  ): Promise<readonly (Reply | undefined)[]> {
    if (this.#run) throw new Error('a script is running already');
    if (this.#failure) return Promise.reject(new HostError(this.#failure));
    return new Promise((resolve, reject) => {
      const onStored = (ok: boolean) => (ok ? this.#outbox.confirm() : this.#giveUp(new HostError(NOT_STORED)));
      const onEvent = (event: FrameEvent) => this.#receive(event);
      const reader = new FrameReader(steps, this.#next, {onEvent, onStored, onOutput: options.onOutput});
      const replies = steps.map(() => undefined);
      const run: RunningScript = {steps, options, verb, since: performance.now(), reader, replies, resolve, reject};
      this.#run = run;
      this.#transmit(run).catch((error) => this.#giveUp(error));
    });
  }

  async #transmit(run: RunningScript): Promise<void> {
    const {steps, options, verb} = run;
    const places = await this.#handshake.ready;
    if (this.#run !== run) return;
    const isStopped = () => this.#stopped && options.stoppable === true;
    if (isStopped()) return this.#end()?.resolve(run.replies);
    const script = renderScript(steps, {...options, first: this.#next, places, kept: verb === 'KEEP'});
    this.#heardAt = performance.now();
    this.#signal('go');
    this.#watched = false;
    for (const upload of script.uploads) {
      await this.#outbox
        .upload(upload, isStopped)
        .catch((error: unknown) => this.#giveUp(new HostError(notRead(error))));
    }
    if (this.#failure || isStopped()) return this.#end()?.resolve(run.replies);
    this.#next += steps.length;
    const text = Buffer.from(script.text);
    await this.#outbox.send(`${verb} ${text.length}`, text);
    this.#watched = true;
    if (this.#stopped) this.#signal('stop');
  }

  #receive(event: FrameEvent): void {
    const run = this.#run;
    if (!run) return;
    if (event.type === 'ended') run.replies[event.step] = event.reply;
    run.options.onEvent?.(event);
    if (event.type === 'finished') this.#end()?.resolve(run.replies);
  }

  /** An error while an answer is read ends this connection, and nothing else. */
  #hear(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    if (this.#failure) return;
    this.#heardAt = performance.now();
    try {
      const rest = this.#handshake.hear(stream, chunk);
      if (rest.length === 0) return;
      if (!this.#run) throw new HostError(protocolBroken('it sends something without being asked'));
      if (stream === 'stdout') this.#run.reader.readStdout(rest);
      else this.#run.reader.readStderr(rest);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Renews the lease on the host, and gives up a host that is silent for too long or never ends its answer. */
  #beat(): void {
    this.#signal('');
    const failure = this.#run && overdue(this.#run.options, this.#run.since, this.#heardAt);
    if (failure) this.#giveUp(new HostError(failure));
  }

  /** `error`: why; an error that a listener threw is passed on as it is. */
  #giveUp(error: unknown): void {
    const known = error instanceof BrokenFrame ? new HostError(protocolBroken(error.message)) : error;
    this.#abandon(known instanceof HostError ? known.failure : ENDED, known);
    this.#channel.close();
  }

  #abandon(failure: Failure, error: unknown): void {
    this.#failure ??= failure;
    clearInterval(this.#pulse);
    this.#outbox.close();
    this.#close();
    this.#handshake.fail(new HostError(this.#failure));
    this.#end()?.reject(error);
  }

  /** Sends a line to the watcher, which exists from the first script on. */
  #signal(word: 'go' | 'stop' | ''): void {
    if (this.#watched && this.#channel.writable) this.#channel.write(Buffer.from(`${word}\n`));
  }

  async #write(bytes: Buffer): Promise<void> {
    const taken = new Promise<void>((resolve) => this.#channel.write(bytes, () => resolve()));
    await Promise.race([taken.then(this.#flow), this.#closed]);
  }

  #end(): RunningScript | undefined {
    const run = this.#run;
    this.#run = undefined;
    return run;
  }
}
