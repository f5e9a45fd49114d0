import {MASK, quote} from '../shell/index.js';

/** Texts to hide, added over time, and the function that hides them. */
export interface Mask {
  add(clear: string): void;
  mask(text: string): string;
}

/** Hides clear texts by value: what holds another goes first, so that no rest of it stays. */
export function makeMask(): Mask {
  const hidden = new Set<string>();
  let pattern: RegExp | undefined;
  return {
    add: (clear) => {
      const before = hidden.size;
      for (const form of forms(clear)) hidden.add(form);
      if (hidden.size > before) pattern = patternFor([...hidden]);
    },
    mask: (text) => (pattern === undefined ? text : text.replaceAll(pattern, MASK)),
  };
}

function patternFor(texts: readonly string[]): RegExp {
  const longestFirst = texts.toSorted((left, right) => right.length - left.length);
  return new RegExp(longestFirst.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
}

/** Characters that a line of a secret has at least to be hidden by itself: less would garble other texts. */
const LINE = 8;

/** How a value can appear: as it is, line by line (as output comes), in a shell word, in JSON, in a URL, in base64. */
function forms(clear: string): string[] {
  const lines = clear.split('\n').filter((line) => line.length >= LINE);
  return [
    ...lines,
    clear,
    quote(clear),
    JSON.stringify(clear).slice(1, -1),
    encodeURIComponent(clear),
    Buffer.from(clear).toString('base64'),
  ];
}
