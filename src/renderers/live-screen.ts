/** A terminal that is drawn on. */
export interface Terminal {
  write(text: string): unknown;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** Milliseconds between two drawings. A slow one stretches it, so that drawing never takes more than a tenth. */
const PERIOD = 100;

/**
 * A few lines at the bottom of a terminal, drawn again and again on a clock and not on events, however many come.
 * `write` is the way to the terminal; `picture` gives the lines, which have no line breaks.
 */
export class LiveScreen {
  readonly #terminal: Terminal;
  readonly #write: (text: string) => unknown;
  readonly #picture: () => readonly string[];
  #drawn: readonly string[] = [];
  #clock: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, write: (text: string) => unknown, picture: () => readonly string[]) {
    this.#terminal = terminal;
    this.#write = write;
    this.#picture = picture;
  }

  start(): void {
    const began = performance.now();
    this.#draw(this.#picture());
    this.#clock = setTimeout(() => this.start(), Math.max(PERIOD, 9 * (performance.now() - began)));
  }

  /** Clears the lines: what is written next starts where they stood. */
  stop(): void {
    clearTimeout(this.#clock);
    this.#draw([]);
  }

  /** Line wrap is off meanwhile, so that a line wider than it looks (some scripts are) cannot become two. */
  #draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    this.#write(`${this.#erasure()}${WRAP_OFF}${text}${WRAP_ON}`);
    this.#drawn = lines;
  }

  /** A terminal that has become narrower has broken the lines in two. */
  #erasure(): string {
    // A terminal that does not know its size says 0.
    const columns = this.#terminal.columns || Number.POSITIVE_INFINITY;
    const height = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(lengthOf(line) / columns)), 0);
    return height > 0 ? `\u001b[${height}A\r\u001b[0J` : '';
  }
}

const WRAP_OFF = '\u001b[?7l';
const WRAP_ON = '\u001b[?7h';

const lengthOf = (line: string) => line.replace(/\u001b\[[0-9;]*m/g, '').length;
