import type {ListrTask} from 'listr2';
import type {Listener, RunEvent} from '../../model/index.js';
import {LiveRenderer} from './live-renderer.js';
import {advanceRow, waitingRow} from './live-rows.js';

/** Progress that is being shown. `stop` must be awaited before anything else is printed, also after a failure. */
export interface ProgressDisplay {
  readonly listener: Listener;
  /** A line for the user next to the progress, such as what Ctrl-C does. */
  tell(text: string): void;
  stop(): Promise<void>;
}

export interface LiveOptions {
  /** Names of the hosts, in the order of their rows. */
  readonly hosts: readonly string[];
  readonly color?: boolean | undefined;
  /** The other of standard output and standard error. */
  readonly other: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Progress on a terminal: listr2 runs a task for each host, and {@link LiveRenderer} draws a row for each of them, on a
 * clock and on a screen of its own. While it is shown, what others print on standard output and standard error is held
 * back; at the end the rows vanish, the terminal is as before, and what was held back appears. Begins with the first
 * event, and ends when all hosts have ended or at `stop`.
 */
export function liveProgress(terminal: NodeJS.WriteStream, options: LiveOptions): ProgressDisplay {
  const tasks = new Map(options.hosts.map((host) => [host, new HostTask(host)]));
  let notice = '';
  let running: Promise<void> | undefined;
  return {
    listener: (event) => {
      const task = tasks.get(event.host) ?? new HostTask(event.host);
      tasks.set(event.host, task.note(event));
      running ??= run(tasks, terminal, options, () => notice);
    },
    tell: (text) => {
      notice = text;
    },
    stop: async () => {
      for (const task of tasks.values()) task.end();
      await running;
    },
  };
}

async function run(
  tasks: ReadonlyMap<string, HostTask>,
  terminal: NodeJS.WriteStream,
  {color = false, other, env}: LiveOptions,
  notice: () => string,
): Promise<void> {
  // Both are needed on a terminal alone.
  const [{Listr, ProcessOutput}, {onExit}] = await Promise.all([import('listr2'), import('signal-exit')]);
  const output = new ProcessOutput(terminal, other, {leaveEmptyLine: false});
  await new Listr([...tasks.values()], {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    renderer: LiveRenderer,
    rendererOptions: {terminal, output, onExit, color, env, notice},
  }).run();
}

/** A host as a task of listr2: it runs until the host has ended, and gives the renderer the row of the host. */
class HostTask implements ListrTask<unknown, typeof LiveRenderer> {
  readonly title: string;
  readonly rendererOptions = {row: () => this.#row};
  #row;
  readonly #ended = promiseWithResolvers();

  constructor(host: string) {
    this.title = host;
    this.#row = waitingRow(host);
  }

  readonly task = (): Promise<void> => this.#ended.promise;

  note(event: RunEvent): this {
    this.#row = advanceRow(this.#row, event, performance.now());
    if (event.type === 'host-finished') this.#ended.resolve();
    if (event.type === 'host-failed') this.#ended.reject(new Error(event.failure.message));
    return this;
  }

  /** Ends the task of a host that has not ended itself. */
  end(): void {
    this.#ended.resolve();
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

/** `Promise.withResolvers`, which Node has from 22 on. A rejection that no one handles is not an error. */
function promiseWithResolvers(): PromiseWithResolvers {
  let resolve = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  promise.catch(() => {});
  return {promise, resolve, reject};
}
