import {columnsOf, joined, type StyledText, styled} from '../../model/index.js';

/**
 * A text whose lines fit into so many columns: broken at blanks, the rest below its own first column. What has no blank
 * stays whole. Without a number of columns nothing is broken.
 */
export function wrapLines(text: StyledText, columns: number | undefined): StyledText {
  return columns ? joined(text.lines().flatMap((line) => wrapLine(line, columns))) : text;
}

function wrapLine(line: StyledText, columns: number): StyledText[] {
  const plain = String(line);
  if (columnsOf(plain) < columns) return [line];
  const margin = /^ */.exec(plain)?.[0] ?? '';
  const lines: StyledText[] = [];
  let [start, end] = [margin.length, margin.length];
  for (const word of plain.slice(margin.length).split(' ')) {
    const next = end === start ? start + word.length : end + 1 + word.length;
    if (margin.length + columnsOf(plain.slice(start, next)) >= columns && end > start) {
      lines.push(styled`${margin}${line.slice(start, end)}`);
      start = end + 1;
      end = start + word.length;
    } else end = next;
  }
  return [...lines, styled`${margin}${line.slice(start, end)}`];
}
