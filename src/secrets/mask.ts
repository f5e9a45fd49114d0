import {MASK} from '../shell/index.js';
import {base64Forms, hashForms, hexForms, shortest} from './encoded-forms.js';
import {type PlainForm, plainForm} from './plain-form.js';

/** Texts to hide, added over time, and the function that hides them. */
export interface Mask {
  add(clear: string): void;
  mask(text: string): string;
}

/** Hides clear texts by value, however they are quoted or encoded. Adjacent ones are hidden as one. */
export function makeMask(): Mask {
  const known = new Set<string>();
  const anchors = new Anchors<Hidden>();
  return {
    add: (clear) => {
      for (const hidden of textsIn(clear)) {
        if (known.has(hidden.text)) continue;
        known.add(hidden.text);
        anchors.add(hidden);
      }
    },
    mask: (text) => {
      // Nearly every text holds none, which is found out at once.
      const near = anchors.in(text);
      if (near.length === 0) return text;
      const form = plainForm(text);
      return cover(
        text,
        near.flatMap((hidden) => [...exactSpans(text, hidden), ...plainSpans(form, text, hidden)]),
      );
    },
  };
}

interface Hidden extends Anchored {
  readonly text: string;
  /** Its {@link plainForm}; empty when too little is left of it. */
  readonly plain: string;
  /** It is hidden only where no letter or digit stands next to it. */
  readonly isWord: boolean;
}

function hiddenOf(text: string, isWord = false): Hidden {
  const runs = text.match(/[A-Za-z0-9]+/g) ?? [];
  const anchor = runs.reduce((best, each) => (each.length > best.length ? each : best), '');
  const plain = plainForm(text).text;
  return {text, plain: plain.trim().length < shortest ? '' : plain, anchor, isWord};
}

/** What is searched for: the whole secret, each of its lines (as output comes), and its encodings and hashes. */
function textsIn(clear: string): Hidden[] {
  const whole = [clear, clear.trim()].filter((text) => text.length >= shortest);
  const forms = clear === '' ? [] : [...base64Forms(clear), ...hexForms(clear), ...hashForms(clear)];
  const texts = [clear, ...whole, ...forms].filter((text) => text !== '').map((text) => hiddenOf(text));
  return clear.includes('\n') ? [...texts, ...linesOf(clear)] : texts;
}

/** From this length on, a line of a secret is hidden within words too. */
const LINE = 8;

/** Every line but the frame of a key in PEM. Shorter lines would garble other texts. */
function linesOf(clear: string): Hidden[] {
  const lines = clear.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => line.length >= shortest && !/^-----(BEGIN|END) .*-----$/.test(line));
  return telling.map((line) => hiddenOf(line, line.length < LINE));
}

/** From one character of a text to another. */
type Span = readonly [number, number];

function exactSpans(text: string, {text: wanted, isWord}: Hidden): Span[] {
  return placesOf(text, wanted)
    .map((at): Span => [at, at + wanted.length])
    .filter((span) => !isWord || standsAlone(text, span));
}

function plainSpans({text: plain, starts, ends}: PlainForm, text: string, {plain: wanted, isWord}: Hidden): Span[] {
  return placesOf(plain, wanted)
    .map((at): Span => [starts[at] ?? 0, ends[at + wanted.length - 1] ?? 0])
    .filter((span) => !isWord || standsAlone(text, span));
}

function placesOf(text: string, wanted: string): number[] {
  const places: number[] = [];
  if (wanted === '') return places;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) places.push(at);
  return places;
}

const standsAlone = (text: string, [from, to]: Span) =>
  !/[A-Za-z0-9]/.test(text.charAt(from - 1)) && !/[A-Za-z0-9]/.test(text.charAt(to));

function cover(text: string, spans: readonly Span[]): string {
  let shown = '';
  let at = 0;
  for (const [from, to] of spans.toSorted(([one], [two]) => one - two)) {
    if (from >= at) shown += `${text.slice(at, from)}${MASK}`;
    at = Math.max(at, to);
  }
  return spans.length === 0 ? text : `${shown}${text.slice(at)}`;
}

/** A thing that is searched for by a part of it. */
interface Anchored {
  /** Letters and digits that stand next to each other in every form of it; empty when there are none. */
  readonly anchor: string;
}

/** The number of characters of an anchor that are looked up. */
const GRAM = 4;

/**
 * Finds the things whose anchors occur in a text, in a single pass over the text however many things there are: every
 * four characters are looked up in a table of 2¹⁶ bits first, and only hits are compared.
 */
class Anchors<T extends Anchored> {
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
