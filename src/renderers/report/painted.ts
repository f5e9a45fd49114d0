import type {Paint, Style} from '../color.js';
import {escapeHtml, Html} from './html.js';

/**
 * Puts a style around a text, to become HTML in {@link paintedHtml}. The marks are control characters, which no text has
 * that was made visible, so nothing in a text can be taken for one.
 */
export const mark: Paint = (style, text) => `${OPEN}${SIGNS[style]}${text}${CLOSE}`;

/** Painted lines. A line of one style is a block of it; `+` and `-` say the same as its colour. */
export function paintedHtml(lines: readonly string[]): Html {
  return new Html(lines.map(lineHtml).join(''));
}

const OPEN = '\u0001';
const CLOSE = '\u0002';

/** One character each. */
const SIGNS: Readonly<Record<Style, string>> = {
  green: 'a',
  red: 'd',
  cyan: 'h',
  yellow: 'w',
  bold: 'b',
  dim: 'n',
  inverse: 'm',
};

function lineHtml(line: string): string {
  const text = escapeHtml(line)
    .replace(/\u0001(.)/g, (_, sign: string) => (sign === 'm' ? '<b>' : `<i class="${sign}">`))
    .split('\u0002');
  return closeAll(text);
}

/** Each closing mark closes what was opened last. */
function closeAll(parts: readonly string[]): string {
  const open: string[] = [];
  const closed = parts.map((part, index) => {
    for (const [, tag = ''] of part.matchAll(/<(i|b)\b/g)) open.push(tag);
    return index < parts.length - 1 ? `${part}</${open.pop()}>` : part;
  });
  const text = closed.join('');
  // A block ends its line itself.
  return /^<i class="[adh]">.*<\/i>$/.test(text) ? text.replace('">', ' l">') : `${text}\n`;
}
