import {inspect} from 'node:util';
import {visible, visibleLine, visibleLines} from './visible-text.js';

/** The few styles of text for people. */
export type Style = 'red' | 'green' | 'yellow' | 'blue' | 'cyan' | 'bold' | 'dim' | 'inverse';

/** What may stand in a {@link styled} template. Text becomes visible text of one line. */
export type Shown = string | number | StyledText;

/** A stretch of text with its styles, outermost first. */
export interface Piece {
  readonly text: string;
  readonly styles: readonly Style[];
}

/**
 * Text for people, and its colours apart from it. Made by {@link styled} and its siblings alone, which make all
 * text from elsewhere visible, so that nothing in it commands a terminal. As a string it is the text without
 * colours.
 */
export class StyledText {
  readonly pieces: readonly Piece[];

  private constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }

  /** See {@link styled}. */
  static of(literals: TemplateStringsArray, values: readonly Shown[]): StyledText {
    const pieces: Piece[] = [];
    literals.forEach((literal, index) => {
      append(pieces, literal, PLAIN);
      const value = values[index];
      if (value instanceof StyledText) for (const {text, styles} of value.pieces) append(pieces, text, styles);
      else if (value !== undefined) append(pieces, visible(String(value)), PLAIN);
    });
    return new StyledText(pieces);
  }

  /** See {@link fileLine}. */
  static line(text: string): StyledText {
    return new StyledText(text === '' ? [] : [{text: visibleLine(text), styles: PLAIN}]);
  }

  /** See {@link severalLines}. */
  static lines(text: string): StyledText {
    return new StyledText(text === '' ? [] : [{text: visibleLines(text), styles: PLAIN}]);
  }

  /** See {@link joined}. */
  static join(parts: readonly Shown[], separator: string): StyledText {
    const between = visibleLines(separator);
    const pieces: Piece[] = [];
    parts.forEach((part, index) => {
      if (index > 0) append(pieces, between, PLAIN);
      for (const {text, styles} of oneLine(part).pieces) append(pieces, text, styles);
    });
    return new StyledText(pieces);
  }

  /** The same text in one more style. */
  in(style: Style): StyledText {
    return new StyledText(this.pieces.map(({text, styles}) => ({text, styles: [style, ...styles]})));
  }

  /** The same with other texts in its pieces. */
  mapText(change: (text: string) => string): StyledText {
    return new StyledText(this.pieces.map(({text, styles}) => ({text: visibleLines(change(text)), styles})));
  }

  /** Without blanks and line breaks at its end. */
  trimEnd(): StyledText {
    const last = this.pieces.at(-1);
    if (last === undefined) return this;
    const text = last.text.trimEnd();
    const before = new StyledText(this.pieces.slice(0, -1));
    return text === '' ? before.trimEnd() : new StyledText([...before.pieces, {text, styles: last.styles}]);
  }

  /** The text from one character to before another, with its styles. */
  slice(from: number, to: number): StyledText {
    let at = 0;
    const pieces = this.pieces.map(({text, styles}) => {
      const start = at;
      at += text.length;
      return {text: text.slice(Math.max(0, from - start), Math.max(0, to - start)), styles};
    });
    return new StyledText(pieces.filter(({text}) => text !== ''));
  }

  lines(): StyledText[] {
    const lines: Piece[][] = [[]];
    for (const {text, styles} of this.pieces) {
      const [first = '', ...rest] = text.split('\n');
      lines.at(-1)?.push({text: first, styles});
      for (const each of rest) lines.push([{text: each, styles}]);
    }
    return lines.map((line) => new StyledText(line.filter(({text}) => text !== '')));
  }

  toString(): string {
    return this.pieces.map(({text}) => text).join('');
  }

  toJSON(): string {
    return this.toString();
  }
}

const PLAIN: readonly Style[] = [];

/** Neighbours of the same styles become one piece. */
function append(pieces: Piece[], text: string, styles: readonly Style[]): void {
  if (text === '') return;
  const last = pieces.at(-1);
  const isSame = last && (last.styles === styles || last.styles.join() === styles.join());
  if (isSame) pieces[pieces.length - 1] = {text: last.text + text, styles};
  else pieces.push({text, styles});
}

/**
 * ``styled`${name}: ${paint('red', reason)}\n` ``: literal text is our own, every `${}` is visible text of one line.
 */
export function styled(literals: TemplateStringsArray, ...values: readonly Shown[]): StyledText {
  return StyledText.of(literals, values);
}

/** Visible text of one line. */
export function oneLine(text: Shown): StyledText {
  return text instanceof StyledText ? text : styled`${text}`;
}

/** One line in a style. */
export function paint(style: Style, text: Shown): StyledText {
  return oneLine(text).in(style);
}

/** A line of a file, a command or an output: tabs stay. */
export function fileLine(text: string): StyledText {
  return StyledText.line(text);
}

/** A text of several lines: line feeds and tabs stay. */
export function severalLines(text: string): StyledText {
  return StyledText.lines(text);
}

/** Parts with a separator between them. Default: line breaks. */
export function joined(parts: readonly Shown[], separator = '\n'): StyledText {
  return StyledText.join(parts, separator);
}

/** A text for a terminal: its styles as escape sequences, or without them. No other code writes escape sequences. */
export function terminalText(text: StyledText, color = false): string {
  return color ? nested(text.pieces, openingOf, closingOf) : String(text);
}

/** Pieces with their styles opened and closed as tags are; a style that neighbours share is opened once. */
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
