import {
  columnsOf,
  headOf,
  joined,
  padColumns,
  type Shown,
  type StyledText,
  styled,
  tailOf,
  visible,
} from '../../model/index.js';

/** Visible lines of at most `width` columns, wrapped at blanks; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  return fill(visible(text).split(' '), width);
}

/** Fills lines of at most `width` columns with words. A word may contain blanks. */
export function fill(words: readonly string[], width: number): string[] {
  return linesOfWords(words, width).map((line) => line.join(' '));
}

/** The words of each line of at most `width` columns. */
export function linesOfWords<Word extends Shown>(words: readonly Word[], width: number): Word[][] {
  const lines: Word[][] = [];
  let room = 0;
  for (const word of words) {
    const columns = columnsOf(String(word));
    room -= 1 + columns;
    const last = lines.at(-1);
    if (last !== undefined && room >= 0) last.push(word);
    else {
      lines.push([word]);
      room = width - columns;
    }
  }
  return lines;
}

/** A label and a text next to it: all lines of the text start at the same column. */
export function hang(label: string, lines: readonly Shown[]): StyledText[] {
  const head = visible(label);
  return lines.map((line, index) => (index === 0 ? styled`${head}${line}` : indented(columnsOf(head), line)));
}

/** A line with a number of blanks before it, unless it is empty. */
export function indented(columns: number, line: Shown): StyledText {
  return styled`${' '.repeat(columns)}${line}`.trimEnd();
}

/** Lines with a line break at the end. */
export function endedLines(lines: readonly Shown[]): StyledText {
  return joined([...lines, '']);
}

/** The number of columns that a text takes once it is visible. */
export const widthOf = (text: string): number => columnsOf(visible(text));

/** Visible text with blanks after it, up to `width` columns. */
export const pad = (text: string, width: number): string => padColumns(visible(text), width);

/** Visible text of at most `width` columns, cut in the middle, so that the end of a path stays readable. */
export function shorten(text: string, width: number): string {
  const whole = visible(text);
  if (columnsOf(whole) <= width) return whole;
  if (width < 2) return '…'.slice(0, Math.max(0, width));
  const tail = Math.floor((width - 1) * 0.4);
  return `${headOf(whole, width - 1 - tail)}…${tailOf(whole, tail)}`;
}

/** Visible text of at most `width` columns, cut at the end: for sentences. */
export function clip(text: string, width: number): string {
  const whole = visible(text);
  return columnsOf(whole) <= width ? whole : `${headOf(whole, width - 1)}…`;
}

/** `0.4s`, `34s`, `2m05s`. */
export function renderSeconds(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}

/** `640 B`, `12.0 KiB`, `3.4 MiB`. */
export function renderSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
