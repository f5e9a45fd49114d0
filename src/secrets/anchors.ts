/** A thing that is searched for by a part of it. */
export interface Anchored {
  /** Letters and digits that stand next to each other in every form of it; empty when there are none. */
  readonly anchor: string;
}

/** The number of characters of an anchor that are looked up. */
const GRAM = 4;

/**
 * Finds the things whose anchors occur in a text, in a single pass over the text however many things there are: every
 * four characters are looked up in a table of 2¹⁶ bits first, and only hits are compared.
 */
export class Anchors<T extends Anchored> {
  readonly #bits = new Uint8Array(1 << 16);
  readonly #byGram = new Map<string, T[]>();
  /** Things with shorter anchors. */
  readonly #short: T[] = [];

  /** Adds a thing to search for. */
  add(each: T): void {
    if (each.anchor.length < GRAM) {
      this.#short.push(each);
      return;
    }
    const gram = each.anchor.slice(0, GRAM);
    let hash = 0;
    for (let at = 0; at < GRAM; at += 1) hash = next(hash, gram.charCodeAt(at));
    this.#bits[hash] = 1;
    this.#byGram.set(gram, [...(this.#byGram.get(gram) ?? []), each]);
  }

  /** The things whose anchors occur in a text. */
  in(text: string): T[] {
    const found = new Set<T>();
    let hash = 0;
    for (let at = 0; at < text.length; at += 1) {
      hash = next(hash, text.charCodeAt(at));
      if (this.#bits[hash] === 0) continue;
      const start = at + 1 - GRAM;
      const candidates = this.#byGram.get(text.slice(Math.max(0, start), at + 1)) ?? [];
      for (const each of candidates) if (text.startsWith(each.anchor, start)) found.add(each);
    }
    return [...found, ...this.#short.filter(({anchor}) => text.includes(anchor))];
  }
}

/** A hash of the last four characters: older ones are shifted out. */
const next = (hash: number, code: number) => ((hash << 4) ^ code) & 0xffff;
