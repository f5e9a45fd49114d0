import {MASK} from '../shell/index.js';
import {base64Forms, shortest} from './encoded-forms.js';
import {escapedForm} from './escaped-form.js';

/** Texts to hide, added over time, and the function that hides them. */
export interface Mask {
  add(clear: string): void;
  mask(text: string): string;
}

/** Hides clear texts by value: what holds another goes first, so that no rest of it stays. */
export function makeMask(): Mask {
  const hidden = new Map<string, Hidden>();
  let ordered: readonly Hidden[] = [];
  return {
    add: (clear) => {
      const before = hidden.size;
      for (const text of textsIn(clear)) if (!hidden.has(text)) hidden.set(text, {text, anchor: anchorOf(text)});
      if (hidden.size > before)
        ordered = [...hidden.values()].toSorted((one, two) => two.text.length - one.text.length);
    },
    mask: (text) => {
      // Nearly every text holds none, which this tells a hundred times faster than the pattern.
      const near = ordered.filter(({anchor}) => text.includes(anchor));
      return near.length === 0 ? text : text.replaceAll(patternFor(near), MASK);
    },
  };
}

/** `anchor`: the part that is written the same however the text is quoted; empty when there is none. */
interface Hidden {
  readonly text: string;
  readonly anchor: string;
}

function anchorOf(text: string): string {
  return (text.match(/[A-Za-z0-9]+/g) ?? []).reduce((best, each) => (each.length > best.length ? each : best), '');
}

function patternFor(near: readonly Hidden[]): RegExp {
  return new RegExp(near.map(({text}) => escapedForm(text)).join('|'), 'gu');
}

/** What is to be found of a secret: all of it, each of its lines (as output comes), and both in base64. */
function textsIn(clear: string): string[] {
  const lines = clear.includes('\n') ? linesOf(clear) : [];
  const whole = [clear, clear.trim()].filter((text) => text.length >= shortest);
  return [clear, ...whole, ...lines, ...base64Forms(clear)].filter((text) => text !== '');
}

/** Characters that a line of a secret has at least to be hidden by itself: less would garble other texts. */
const LINE = 8;

/** Of a key in PEM every line but the frame, which says nothing; the last may be short. */
function linesOf(clear: string): string[] {
  const isPem = clear.includes('-----BEGIN ');
  const lines = clear.split('\n').map((line) => line.trim());
  return lines.filter((line) => line.length >= (isPem ? shortest : LINE) && !/^-----(BEGIN|END) .*-----$/.test(line));
}
