import {fileLine, joined, paint, type StyledText, visibleLine} from '../model/index.js';
import {MASK} from '../shell/index.js';
import {HIDDEN} from './content-lines.js';
import {pairLines} from './pair-lines.js';
import {compareWords, type Piece} from './words.js';

/** Lines that a plan was shown in, with the colours of a diff again and the words that differ inverse. */
export function paintShown(kept: readonly string[]): StyledText[] {
  // They were visible when they were kept, but the record may be anybody's.
  const lines = kept.map(visibleLine);
  const compared = compareBlocks(lines);
  return lines.map((line, index) => {
    if (isHeader(line)) return fileLine(line).in('bold');
    if (line.startsWith('@@')) return fileLine(line).in('cyan');
    const [style] = line.startsWith('+') ? ['green' as const] : line.startsWith('-') ? ['red' as const] : [];
    return style === undefined ? fileLine(line) : paint(style, paintWords(line, compared.get(index)));
  });
}

const isHeader = (line: string) => /^(---|\+\+\+) /.test(line);

/** By their places, the pieces of lines of which one replaces the other. */
function compareBlocks(lines: readonly string[]): ReadonlyMap<number, readonly Piece[]> {
  const compared = new Map<number, readonly Piece[]>();
  const count = (sign: string, from: number) => {
    let end = from;
    for (let line = lines[end]; line?.startsWith(sign) && !isHeader(line); line = lines[end]) end += 1;
    return end - from;
  };
  for (let index = 0; index < lines.length; ) {
    const going = count('-', index);
    const coming = going > 0 ? count('+', index + going) : 0;
    if (coming > 0) compareBlock(lines, index, index + going, index + going + coming, compared);
    index += Math.max(1, going + coming);
  }
  return compared;
}

function compareBlock(
  lines: readonly string[],
  start: number,
  middle: number,
  end: number,
  compared: Map<number, readonly Piece[]>,
): void {
  const textOf = (line: string) => line.slice(1).replaceAll(MASK, HIDDEN);
  const [removed, added] = [lines.slice(start, middle).map(textOf), lines.slice(middle, end).map(textOf)];
  for (const [index, partner] of pairLines(removed, added).entries()) {
    const pieces = partner === undefined ? undefined : compareWords(removed[index] ?? '', added[partner] ?? '');
    if (partner === undefined || pieces === undefined) continue;
    compared.set(start + index, pieces.before);
    compared.set(middle + partner, pieces.after);
  }
}

function paintWords(line: string, pieces: readonly Piece[] | undefined): StyledText {
  if (pieces === undefined || pieces.every(({changed}) => changed) || pieces.every(({changed}) => !changed))
    return fileLine(line);
  const words = pieces.map(({changed, text}) => {
    const word = fileLine(text.replaceAll(HIDDEN, MASK));
    return changed ? word.in('inverse') : word;
  });
  return joined([line.charAt(0), ...words], '');
}
