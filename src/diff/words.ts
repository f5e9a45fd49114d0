import {HIDDEN} from './content-lines.js';
import {diffLibrary} from './diff-library.js';

/** Words, single blanks and single other characters. Joined they are the line again. */
export function wordsOf(line: string): string[] {
  return line.match(/[\p{L}\p{N}\p{M}_]+|[^\p{L}\p{N}\p{M}_]/gu) ?? [];
}

/** How many words two lines have in common at the beginning, and of the rest at the end. What is hidden equals nothing. */
export function commonEnds(left: readonly string[], right: readonly string[]): {start: number; end: number} {
  const most = Math.min(left.length, right.length);
  let start = 0;
  while (start < most && same(left[start], right[start])) start++;
  let end = 0;
  while (end < most - start && same(left.at(-1 - end), right.at(-1 - end))) end++;
  return {start, end};
}

/** A piece of a line, which differs from the line it is compared with or not. */
export interface Piece {
  readonly text: string;
  readonly changed: boolean;
}

/** Which words differ in two lines; undefined when nearly all do, so that nothing is told by marking them. */
export function compareWords(before: string, after: string): {before: Piece[]; after: Piece[]} | undefined {
  const [left, right] = [wordsOf(before), wordsOf(after)];
  const {start, end} = commonEnds(left, right);
  const middle = compareMiddle(left.slice(start, left.length - end), right.slice(start, right.length - end));
  const head = {text: left.slice(0, start).join(''), changed: false};
  const tail = {text: left.slice(left.length - end).join(''), changed: false};
  const [old, fresh] = [merge([head, ...middle.before, tail]), merge([head, ...middle.after, tail])];
  return isTelling(old, fresh) ? {before: old, after: fresh} : undefined;
}

const same = (left: string | undefined, right: string | undefined) => left === right && left !== HIDDEN;

/** Words on either side beyond which the middle of a line counts as changed in whole. */
const MOST_WORDS = 400;

function compareMiddle(left: string[], right: string[]): {before: Piece[]; after: Piece[]} {
  const limits = {comparator: same, maxEditLength: 200, timeout: 50};
  const isShort = left.length > 0 && right.length > 0 && Math.max(left.length, right.length) <= MOST_WORDS;
  const changes = isShort ? diffLibrary().diffArrays(left, right, limits) : undefined;
  if (changes === undefined) {
    return {before: [{text: left.join(''), changed: true}], after: [{text: right.join(''), changed: true}]};
  }
  const pieces = changes.map(({value, added, removed}) => ({text: value.join(''), added, removed}));
  return {
    before: pieces.filter(({added}) => !added).map(({text, removed}) => ({text, changed: removed})),
    after: pieces.filter(({removed}) => !removed).map(({text, added}) => ({text, changed: added})),
  };
}

/** Neighbours of a kind as one, and blanks between two changes as part of them. */
function merge(pieces: readonly Piece[]): Piece[] {
  const full = pieces.filter(({text}) => text !== '');
  const merged: Piece[] = [];
  full.forEach(({text, changed}, index) => {
    const between = text.trim() === '' && full[index - 1]?.changed === true && full[index + 1]?.changed === true;
    const last = merged.at(-1);
    const piece = {text, changed: changed || between};
    if (last === undefined || last.changed !== piece.changed) merged.push(piece);
    else merged[merged.length - 1] = {text: last.text + text, changed: last.changed};
  });
  return merged;
}

/** At least a quarter of the shorter line stays. */
function isTelling(before: readonly Piece[], after: readonly Piece[]): boolean {
  const length = (pieces: readonly Piece[]) => pieces.reduce((sum, {text}) => sum + text.trim().length, 0);
  const kept = length(before.filter(({changed}) => !changed));
  return kept > 0 && kept * 4 >= Math.min(length(before), length(after));
}
