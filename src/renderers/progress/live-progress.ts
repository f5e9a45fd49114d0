import type {ListrTask} from 'listr2';
import {type Listener, paint, type RunEvent, type StyledText, terminalText} from '../../model/index.js';
import {MANY} from '../text/options.js';
import {clip} from '../text/text.js';
import {advanceRow, type HostRow, renderRows, waitingRow} from './live-rows.js';
import {LiveScreen, type Terminal} from './live-screen.js';

/** Progress that is being shown. `stop` must be awaited before anything else is printed, also after a failure. */
export interface ProgressDisplay {
  readonly listener: Listener;
  /** A line for the user beside the progress, such as what Ctrl-C does. */
  tell(text: string): void;
  stop(): Promise<void>;
}

export interface LiveOptions {
  /** Names of the hosts, in the order of their rows. */
  readonly hosts: readonly string[];
  readonly color?: boolean | undefined;
  readonly other: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Progress on a terminal: a row a host, redrawn on a clock, on a screen of its own. While it is shown, what others print
 * on standard output and standard error is held back; at the end the rows vanish, the terminal is as before, and what
 * was held back appears. Begins with the first event.
 */
export function liveProgress(terminal: NodeJS.WriteStream, options: LiveOptions): ProgressDisplay {
  const board = new Board(options.hosts);
  let running: Promise<void> | undefined;
  return {
    listener: (event) => {
      board.note(event);
      running ??= show(board, terminal, options);
    },
    tell: (text) => {
      board.notice = text;
    },
    stop: async () => {
      board.close();
      await running;
    },
  };
}

/** The rows of all hosts, and for each host a promise that it is through. */
class Board {
  readonly #rows: Map<string, HostRow>;
  readonly #ends: Map<string, PromiseWithResolvers>;
  /** Stands below the rows. */
  notice = '';

  constructor(hosts: readonly string[]) {
    this.#rows = new Map(hosts.map((host) => [host, waitingRow(host)]));
    this.#ends = new Map(hosts.map((host) => [host, promiseWithResolvers()]));
  }

  get rows(): readonly HostRow[] {
    return [...this.#rows.values()];
  }

  /** A task a host; it is through when the host is. */
  get tasks(): ListrTask[] {
    return [...this.#ends].map(([host, {promise}]) => ({title: host, task: () => promise}));
  }

  note(event: RunEvent): void {
    const row = this.#rows.get(event.host) ?? waitingRow(event.host);
    this.#rows.set(event.host, advanceRow(row, event, performance.now()));
    if (event.type === 'host-finished') this.#ends.get(event.host)?.resolve();
    if (event.type === 'host-failed') this.#ends.get(event.host)?.reject(new Error(event.failure.message));
  }

  close(): void {
    for (const {resolve} of this.#ends.values()) resolve();
  }
}

async function show(board: Board, terminal: NodeJS.WriteStream, options: LiveOptions): Promise<void> {
  const {color = false, other, env} = options;
  const [{Listr, ProcessOutput}, {onExit}] = await Promise.all([import('listr2'), import('signal-exit')]);
  const output = new ProcessOutput(terminal, other, {leaveEmptyLine: false});
  // The Linux console has no other screen, and a size that never changes.
  const hasOther = env.TERM !== 'linux';
  const lines = pictureOf(board, terminal, hasOther);
  const picture = () => lines().map((line) => terminalText(line, color));
  const screen = new LiveScreen((text) => output.toStdout(text, false), picture, hasOther);
  let release = () => {};
  const renderer = class {
    static readonly nonTTY = true;
    static readonly rendererOptions = {};
    static readonly rendererTaskOptions = {};
    render = () => {
      output.hijack();
      release = onExit(() => this.end());
      screen.start();
    };
    end = () => {
      release();
      screen.stop();
      output.release();
    };
  };
  await new Listr(board.tasks, {concurrent: true, exitOnError: false, registerSignalListeners: false, renderer}).run();
}

/** `isAlone`: the lines have a screen of their own; the Linux console, which has none, has no such letters either. */
function pictureOf(board: Board, terminal: Terminal, isAlone: boolean): () => readonly StyledText[] {
  const spinner = isAlone ? [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'] : ['|', '/', '-', '\\'];
  const began = performance.now();
  return () => {
    const [columns, rows] = [terminal.columns || 80, terminal.rows || 24];
    const notice = board.notice === '' ? [] : [paint('yellow', clip(board.notice, columns))];
    const height = Math.min(rows - 1 - notice.length, isAlone ? rows : MANY);
    const view = {width: columns, height, began, now: performance.now(), spinner};
    return [...renderRows(board.rows, view), ...notice];
  };
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

/** `Promise.withResolvers`, which Node has from 22 on. Nobody need look at the promise. */
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
