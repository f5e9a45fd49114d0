/** Milliseconds between two drawings. A slow one stretches it, so that drawing never takes more than a tenth. */
const PERIOD = 100;

/** Milliseconds until the alternate screen is shown: a run that ends sooner would only make it flash. */
const PATIENCE = 1000;

/**
 * Draws lines on a clock, independently of the number of events. They are on the terminal's alternate screen, so that a
 * change of its size leaves nothing of them in its scrollback; where there is none, they are below what was written
 * before. `write` writes to the terminal; `picture` gives the lines, without line breaks.
 */
export class LiveScreen {
  readonly #write: (text: string) => unknown;
  readonly #picture: () => readonly string[];
  readonly #hasAlternate: boolean;
  /** Undefined: nothing is shown. */
  #drawn: readonly string[] | undefined;
  #clock: NodeJS.Timeout | undefined;

  constructor(write: (text: string) => unknown, picture: () => readonly string[], hasAlternate: boolean) {
    this.#write = write;
    this.#picture = picture;
    this.#hasAlternate = hasAlternate;
  }

  start(): void {
    if (this.#hasAlternate) this.#clock = setTimeout(() => this.#begin(), PATIENCE);
    else this.#tick();
  }

  /** What is written next appears where it would have without the lines. */
  stop(): void {
    clearTimeout(this.#clock);
    if (this.#drawn) this.#write(this.#hasAlternate ? MAIN_SCREEN : this.#erasure());
    this.#drawn = undefined;
  }

  #begin(): void {
    this.#write(ALTERNATE_SCREEN);
    this.#tick();
  }

  #tick(): void {
    const began = performance.now();
    this.#draw(this.#picture());
    this.#clock = setTimeout(() => this.#tick(), Math.max(PERIOD, 9 * (performance.now() - began)));
  }

  /**
   * Line wrap is off while it draws, so that a line that is wider than expected (in some scripts) cannot become two.
   */
  #draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${WHOLE_LINE}${line}\n`).join('');
    this.#write(`${WRAP_OFF}${this.#hasAlternate ? TOP_LEFT : this.#erasure()}${text}${BELOW}${WRAP_ON}`);
    this.#drawn = lines;
  }

  #erasure(): string {
    const height = this.#drawn?.length ?? 0;
    return height > 0 ? `\u001b[${height}A\r${BELOW}` : '';
  }
}

const WRAP_OFF = '\u001b[?7l';
const WRAP_ON = '\u001b[?7h';
const WHOLE_LINE = '\u001b[2K';
const BELOW = '\u001b[J';
const TOP_LEFT = '\u001b[H';
const ALTERNATE_SCREEN = '\u001b[?1049h';
/** The alternate screen is cleared first: tmux keeps its contents when the size has changed in the meantime. */
const MAIN_SCREEN = `${TOP_LEFT}${BELOW}\u001b[?1049l`;
