import {MASK} from '../shell/index.js';
import type {Paint} from './color.js';
import {HIDDEN} from './content-lines.js';
import {pairLines} from './pair-lines.js';
import {compareWords, type Piece} from './words.js';

/**
 * Lines that a plan was shown in, with the colours of a diff again and the words that differ inverse. They were made
 * visible when they were kept.
 */
export function paintShown(lines: readonly string[], paint: Paint): string[] {
  const compared = compareBlocks(lines);
  return lines.map((line, index) => {
    if (isHeader(line)) return paint('bold', line);
    if (line.startsWith('@@')) return paint('cyan', line);
    const [style] = line.startsWith('+') ? ['green' as const] : line.startsWith('-') ? ['red' as const] : [];
    return style === undefined ? line : paint(style, paintWords(line, compared.get(index), paint));
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

function paintWords(line: string, pieces: readonly Piece[] | undefined, paint: Paint): string {
  if (pieces === undefined || pieces.every(({changed}) => changed) || pieces.every(({changed}) => !changed))
    return line;
  const text = pieces.map((piece) => (piece.changed ? paint('inverse', piece.text) : piece.text)).join('');
  return `${line.charAt(0)}${text}`.replaceAll(HIDDEN, MASK);
}
