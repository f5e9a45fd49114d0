import type {Html} from './html.js';

/** Characters of steps and their details that a page holds: browsers open that at once. */
const MOST = 4_000_000;

/** Keeps a page from growing beyond what a browser opens at once, and counts what had to be left out. */
export class Room {
  #free: number;
  #left = 0;

  constructor(most = MOST) {
    this.#free = most;
  }

  /** How many pieces were left out. */
  get left(): number {
    return this.#left;
  }

  /** The piece if it still fits, else nothing. */
  take(piece: Html): Html | undefined {
    if (piece.text.length > this.#free) {
      this.#left += 1;
      return undefined;
    }
    this.#free -= piece.text.length;
    return piece;
  }
}
