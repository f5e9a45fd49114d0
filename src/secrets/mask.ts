import {MASK} from '../shell/index.js';
import {type Anchored, Anchors} from './anchors.js';
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
