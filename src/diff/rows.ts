import type {DiffPiece, DiffRow} from '../model/index.js';
import {MASK} from '../shell/index.js';
import {HIDDEN, type Line} from './content-lines.js';
import {hideOld} from './hide-old.js';
import type {Step} from './line-diff.js';
import {pairLines} from './pair-lines.js';
import {compareWords, type Piece} from './words.js';

/** The lines of two contents that a diff speaks of. */
export interface Sides {
  readonly before: readonly Line[];
  readonly after: readonly Line[];
  /** Of a line that goes nothing may be shown that what comes does not show. */
  readonly masked: boolean;
}

/** The rows of a hunk, with the words that differ; where blanks alone differ in a line, these are signs. */
export function rowsOfHunk(steps: readonly Step[], sides: Sides): readonly DiffRow[] {
  return steps.flatMap((step, index) => {
    const line = sides.after[step.after];
    if (step.sign === ' ') return line === undefined ? [] : [rowOf(' ', line, [{text: line.shown, changed: false}])];
    if (steps[index - 1]?.sign !== ' ' && index > 0) return [];
    const next = steps.findIndex(({sign}, at) => at > index && sign === ' ');
    return rowsOfChange(steps.slice(index, next < 0 ? undefined : next), sides);
  });
}

/** Lines that only come or only go. */
export function rowsOf(sign: '+' | '-', lines: readonly Line[]): readonly DiffRow[] {
  return lines.map((line) => rowOf(sign, line, [whole(line.shown)]));
}

function rowsOfChange(steps: readonly Step[], sides: Sides): readonly DiffRow[] {
  const removed = steps.flatMap(({sign, before}) => (sign === '-' ? (sides.before[before] ?? []) : []));
  const added = steps.flatMap(({sign, after}) => (sign === '+' ? (sides.after[after] ?? []) : []));
  const pairs = pairLines(
    removed.map(({text}) => text),
    added.map(({shown}) => shown),
  );
  const partners = pairs.map((index) => (index === undefined ? undefined : added[index]));
  const old = removed.map((line, index) => (sides.masked ? hide(line, partners[index], sides) : line.shown));
  const compared = old.map((shown, index) => compareShown(shown, partners[index]?.shown));
  return [
    ...removed.map((line, index) => rowOf('-', line, compared[index]?.before ?? [whole(old[index] ?? '')])),
    ...added.map((line, index) => rowOf('+', line, compared[pairs.indexOf(index)]?.after ?? [whole(line.shown)])),
  ];
}

/** A line that goes is no secret where the same stands in the new content for all to see. */
function hide({text, visible}: Line, partner: Line | undefined, {after}: Sides): string {
  const isPublic = after.some((line) => line.text === text && !line.shown.includes(HIDDEN));
  return isPublic ? visible : hideOld(visible, partner?.shown);
}

function compareShown(before: string, after: string | undefined) {
  if (after === undefined) return undefined;
  const pieces = compareWords(markTrailing(before), markTrailing(after));
  const isSpacing = before !== after && before.replaceAll(/\s/g, '') === after.replaceAll(/\s/g, '');
  if (!isSpacing || pieces === undefined) return pieces;
  return {before: pieces.before.map(markBlanks), after: pieces.after.map(markBlanks)};
}

/** No word is told where all of them differ, or none. */
function rowOf(sign: DiffRow['sign'], {ended}: Line, pieces: readonly Piece[]): DiffRow {
  const isTold = pieces.some(({changed}) => changed) && pieces.some(({changed}) => !changed);
  const shown = pieces.flatMap(({text, changed}) => piecesOf(text, isTold && changed));
  return {sign, pieces: shown, ...(!ended && {unended: true})};
}

function piecesOf(text: string, isChanged: boolean): DiffPiece[] {
  const changed = isChanged && {changed: true as const};
  return text
    .split(HIDDEN)
    .flatMap((part, index) => [
      ...(index > 0 ? [{text: MASK, masked: true as const, ...changed}] : []),
      ...(part === '' ? [] : [{text: part, ...changed}]),
    ]);
}

const whole = (shown: string): Piece => ({text: markTrailing(shown), changed: false});

/** Blanks at the end of a line that comes or goes would be invisible, and sometimes they are all that differs. */
function markTrailing(text: string): string {
  return text.replace(/[ \t]+(?=␍?$)/, signs);
}

const markBlanks = (piece: Piece): Piece => (piece.changed ? {...piece, text: signs(piece.text)} : piece);

const signs = (blanks: string) => blanks.replaceAll(' ', '␠').replaceAll('\t', '␉');
