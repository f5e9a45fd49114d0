import type {ListrRendererTask, ProcessOutput} from 'listr2';
import type {onExit} from 'signal-exit';
import {onSignals, suspend} from '../../local/signals.js';
import {paint, type StyledText, terminalText} from '../../model/index.js';
import {MANY} from '../text/options.js';
import {clip} from '../text/text.js';
import {type HostRow, renderRows} from './live-rows.js';
import {LiveScreen} from './live-screen.js';

/** What a Listr gives to its renderer. */
export interface LiveRendererOptions {
  readonly terminal: NodeJS.WriteStream;
  /** Holds back what others write to the terminal and to the other standard stream. */
  readonly output: ProcessOutput;
  /** Of the package signal-exit: both packages are loaded where a terminal is drawn on, and nowhere else. */
  readonly onExit: typeof onExit;
  readonly color: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** A line below the rows; empty: none. */
  notice(): string;
}

/** What a task of a Listr gives to its renderer: the row of its host, as it is now. */
export interface LiveTaskOptions {
  row(): HostRow;
}

/** A renderer of listr2: draws a row for each task of a Listr until the last one has ended, or the process ends. */
export class LiveRenderer {
  /** The caller has checked that there is a terminal. It need not be standard output, which is what listr2 checks. */
  static readonly nonTTY = true;
  static readonly rendererOptions: LiveRendererOptions;
  static readonly rendererTaskOptions: LiveTaskOptions;
  readonly #output: ProcessOutput;
  readonly #onExit: LiveRendererOptions['onExit'];
  readonly #screen: LiveScreen;
  #release = () => {};

  constructor(tasks: ListrRendererTask<typeof LiveRenderer>[], options: LiveRendererOptions) {
    const {output, color, env} = options;
    // The Linux console has no alternate screen, and a size that never changes.
    const hasAlternate = env.TERM !== 'linux';
    const lines = linesOf(() => tasks.map(({rendererTaskOptions}) => rendererTaskOptions.row()), options, hasAlternate);
    const picture = () => lines().map((line) => terminalText(line, color));
    this.#output = output;
    this.#onExit = options.onExit;
    this.#screen = new LiveScreen((text) => output.toStdout(text, false), picture, hasAlternate);
  }

  render = (): void => {
    this.#output.hijack();
    const releases = [this.#onExit(() => this.end()), onSignals(['SIGTSTP'], this.#suspend)];
    this.#release = () => {
      for (const release of releases) release();
    };
    this.#screen.start();
  };

  end = (): void => {
    this.#release();
    this.#screen.stop();
    this.#output.release();
  };

  /** Ctrl-Z: the shell gets its screen and its cursor; the rows are drawn again when the shell continues the process. */
  readonly #suspend = (): void => {
    this.end();
    suspend();
    this.render();
  };
}

/**
 * `isAlone`: the lines have a screen of their own; the Linux console, which has none, does not have the letters of the
 * spinner either.
 */
function linesOf(
  rowsNow: () => readonly HostRow[],
  {terminal, notice}: LiveRendererOptions,
  isAlone: boolean,
): () => readonly StyledText[] {
  const spinner = isAlone ? [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'] : ['|', '/', '-', '\\'];
  const began = performance.now();
  return () => {
    const [columns, rows] = [terminal.columns || 80, terminal.rows || 24];
    const below = notice() === '' ? [] : [paint('yellow', clip(notice(), columns))];
    const height = Math.min(rows - 1 - below.length, isAlone ? rows : MANY);
    const view = {width: columns, height, began, now: performance.now(), spinner};
    return [...renderRows(rowsNow(), view), ...below];
  };
}
