import {inspect} from 'node:util';
import type {Piece, Style, StyledText} from './styled-text.js';

/** A text as a terminal takes it: its looks as escape sequences, or none of them. The only place that writes these. */
export function terminalText(text: StyledText, color = false): string {
  return color ? nested(text.pieces, openingOf, closingOf) : String(text);
}

/** Pieces with their looks opened and closed as tags are, those of neighbours in common only once. */
export function nested(
  pieces: readonly Piece[],
  open: (style: Style) => string,
  close: (style: Style) => string,
  written = (text: string) => text,
): string {
  let out = '';
  let before: readonly Style[] = [];
  for (const {text, styles} of [...pieces, {text: '', styles: []}]) {
    const parting = before.findIndex((style, at) => style !== styles[at]);
    const common = parting < 0 ? before.length : parting;
    out += before.slice(common).toReversed().map(close).join('');
    out += styles.slice(common).map(open).join('') + written(text);
    before = styles;
  }
  return out;
}

const codesOf = (style: Style) => inspect.colors[style] ?? [0, 0];
const openingOf = (style: Style) => `\u001b[${codesOf(style)[0]}m`;
const closingOf = (style: Style) => `\u001b[${codesOf(style)[1]}m`;
