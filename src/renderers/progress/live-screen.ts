/** Milliseconds between two drawings. A slow one stretches it, so that drawing never takes more than a tenth. */
const PERIOD = 100;

/** Milliseconds until the other screen is shown: what is sooner over would only flash. */
const PATIENCE = 1000;

/**
 * Lines drawn again and again on a clock and not on events, however many come. They stand on the terminal's other
 * screen, so that no change of its size leaves anything of them in its scroll-back; where there is none, they stand
 * below what was written before. `write` is the way to the terminal; `picture` gives the lines, which have no line
 * breaks.
 */
export class LiveScreen {
  readonly #write: (text: string) => unknown;
  readonly #picture: () => readonly string[];
  readonly #hasOther: boolean;
  /** Undefined: nothing is shown. */
  #drawn: readonly string[] | undefined;
  #clock: NodeJS.Timeout | undefined;

  constructor(write: (text: string) => unknown, picture: () => readonly string[], hasOther: boolean) {
    this.#write = write;
    this.#picture = picture;
    this.#hasOther = hasOther;
  }

  start(): void {
    if (this.#hasOther) this.#clock = setTimeout(() => this.#begin(), PATIENCE);
    else this.#tick();
  }

  /** What is written next starts where it would have without the lines. */
  stop(): void {
    clearTimeout(this.#clock);
    if (this.#drawn) this.#write(this.#hasOther ? USUAL_SCREEN : this.#erasure());
    this.#drawn = undefined;
  }

  #begin(): void {
    this.#write(OTHER_SCREEN);
    this.#tick();
  }

  #tick(): void {
    const began = performance.now();
    this.#draw(this.#picture());
    this.#clock = setTimeout(() => this.#tick(), Math.max(PERIOD, 9 * (performance.now() - began)));
  }

  /** Line wrap is off meanwhile, so that a line wider than it looks (some scripts are) cannot become two. */
  #draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${WHOLE_LINE}${line}\n`).join('');
    this.#write(`${WRAP_OFF}${this.#hasOther ? TOP_LEFT : this.#erasure()}${text}${BELOW}${WRAP_ON}`);
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
const OTHER_SCREEN = '\u001b[?1049h';
/** Emptied first: tmux keeps what stands on the other screen when its size has changed meanwhile. */
const USUAL_SCREEN = `${TOP_LEFT}${BELOW}\u001b[?1049l`;
