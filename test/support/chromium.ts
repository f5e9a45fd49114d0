import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Readable, Writable} from 'node:stream';
import test, {type TestFn} from 'ava';

/*
 * Debian's chromium without a window, spoken to by the DevTools protocol over a pipe: JSON, ended by NUL, in on
 * descriptor 3 and out on 4 (https://chromedevtools.github.io/devtools-protocol/).
 */

/** Why there is no browser on this machine, as `test/support/run.ts` found out; undefined where there is one. */
const noChromium = process.env.INFRA_TEST_NO_CHROMIUM;

/** Like ava's `test`, skipped where there is no browser; the runner says so at the end. */
export const browserTest = (noChromium === undefined ? test.serial : test.serial.skip) as TestFn['serial'];

/** An event of the protocol. */
export interface PageEvent {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** One tab. */
export interface Tab {
  /** Every event since the tab was opened. */
  readonly events: readonly PageEvent[];
  /** Rejects with the protocol's message. */
  send(method: string, params?: object): Promise<Readonly<Record<string, unknown>>>;
  /** The value of a JavaScript expression. */
  evaluate(expression: string): Promise<unknown>;
  /** Until an event of this name has come after `send` was answered. */
  after(event: string, method: string, params?: object): Promise<void>;
}

/** A browser of its own. */
export interface Chromium {
  open(): Promise<Tab>;
  close(): Promise<void>;
}

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage'],
];

export async function openChromium(): Promise<Chromium> {
  const directory = await mkdtemp(path.join(tmpdir(), 'infra-chromium-'));
  const child = spawn(
    'chromium',
    [...FLAGS, `--user-data-dir=${directory}`, '--remote-debugging-pipe', 'about:blank'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    },
  );
  const ended = once(child, 'exit');
  // Asked for as pipes above.
  const pipe = new Pipe(child.stdio[3] as Writable, child.stdio[4] as Readable);
  child.on('error', (error) => pipe.fail(error));
  return {
    open: async () => {
      const {targetId} = await pipe.send('Target.createTarget', {url: 'about:blank'});
      const {sessionId} = await pipe.send('Target.attachToTarget', {targetId, flatten: true});
      return openTab(pipe, String(sessionId));
    },
    close: async () => {
      await pipe.send('Browser.close');
      await ended;
      await rm(directory, {recursive: true, force: true, maxRetries: 5});
    },
  };
}

async function openTab(pipe: Pipe, session: string): Promise<Tab> {
  const events: PageEvent[] = [];
  pipe.listen(session, (event) => void events.push(event));
  const send: Tab['send'] = (method, params) => pipe.send(method, params, session);
  for (const domain of ['Page', 'Network', 'Log', 'Runtime', 'Audits']) await send(`${domain}.enable`);
  return {
    events,
    send,
    evaluate: async (expression) => {
      const answer = await send('Runtime.evaluate', {expression, returnByValue: true, awaitPromise: true});
      if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
      // As the protocol describes it.
      return (answer.result as {readonly value?: unknown}).value;
    },
    after: async (event, method, params) => {
      const come = new Promise<void>((resolve) => pipe.listen(session, (each) => each.method === event && resolve()));
      await send(method, params);
      await come;
    },
  };
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: {readonly message: string};
}

interface Waiting {
  resolve(result: Readonly<Record<string, unknown>>): void;
  reject(error: Error): void;
}

class Pipe {
  readonly #output: Writable;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners: {readonly session: string; readonly hear: (event: PageEvent) => unknown}[] = [];
  #last = 0;
  #failure: Error | undefined;

  constructor(output: Writable, input: Readable) {
    this.#output = output;
    output.on('error', (error) => this.fail(error));
    let rest = '';
    input.setEncoding('utf8').on('data', (text: string) => {
      const messages = `${rest}${text}`.split('\0');
      rest = messages.pop() ?? '';
      for (const message of messages) this.#receive(JSON.parse(message));
    });
    input.on('close', () => this.fail(new Error('chromium has ended')));
  }

  send(method: string, params: object = {}, sessionId?: string): Promise<Readonly<Record<string, unknown>>> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#last += 1;
    const id = this.#last;
    this.#output.write(`${JSON.stringify({id, method, params, ...(sessionId !== undefined && {sessionId})})}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, {resolve, reject}));
  }

  listen(session: string, hear: (event: PageEvent) => unknown): void {
    this.#listeners.push({session, hear});
  }

  /** A caller that waits for an answer is released. */
  fail(error: Error): void {
    this.#failure ??= error;
    for (const {reject} of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }

  #receive({id, sessionId, method, params = {}, result = {}, error}: Message): void {
    if (id === undefined) {
      if (method === undefined) return;
      for (const {session, hear} of this.#listeners) if (session === sessionId) hear({method, params});
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}
