/** What is looked for by a part of it. */
export interface Anchored {
  /** Letters and digits that stand in every form of it next to each other; empty when there are none. */
  readonly anchor: string;
}

/** Characters of an anchor that it is found by. */
const GRAM = 4;

/**
 * Finds those of many things whose anchors stand in a text, in a single pass over the text however many there are: each
 * four characters are looked up in a table of 2¹⁶ bits first, and only what is there is compared.
 */
export class Anchors<T extends Anchored> {
  readonly #bits = new Uint8Array(1 << 16);
  readonly #byGram = new Map<string, T[]>();
  /** With anchors that are too short for that. */
  readonly #short: T[] = [];

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

/** Of the last four characters: the fifth is shifted out. */
const next = (hash: number, code: number) => ((hash << 4) ^ code) & 0xffff;
