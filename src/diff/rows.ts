import type {DiffPiece, DiffRow} from '../model/index.js';
import {MASK} from '../shell/index.js';
import {commonEnds, compareWords, type LinePiece, type LineStep, wordsOf} from './compare.js';
import {type ContentLine, HIDDEN} from './content-lines.js';

/** The lines of the two contents of a diff. */
export interface Sides {
  readonly before: readonly ContentLine[];
  readonly after: readonly ContentLine[];
  /** A removed line must show no more than the line that replaces it. */
  readonly masked: boolean;
}

/** The rows of a hunk, with the words that differ; where only blanks differ in a line, they are shown as signs. */
export function rowsOfHunk(steps: readonly LineStep[], sides: Sides): readonly DiffRow[] {
  return steps.flatMap((step, index) => {
    const line = sides.after[step.after];
    if (step.sign === ' ') return line === undefined ? [] : [rowOf(' ', line, [{text: line.shown, changed: false}])];
    if (steps[index - 1]?.sign !== ' ' && index > 0) return [];
    const next = steps.findIndex(({sign}, at) => at > index && sign === ' ');
    return rowsOfChange(steps.slice(index, next < 0 ? undefined : next), sides);
  });
}

/** Lines that are all added or all removed. */
export function rowsOf(sign: '+' | '-', lines: readonly ContentLine[]): readonly DiffRow[] {
  return lines.map((line) => rowOf(sign, line, [whole(line.shown)]));
}

function rowsOfChange(steps: readonly LineStep[], sides: Sides): readonly DiffRow[] {
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

/** A removed line is not a secret where the new content shows the same line. */
function hide({text, visible}: ContentLine, partner: ContentLine | undefined, {after}: Sides): string {
  const isPublic = after.some((line) => line.text === text && !line.shown.includes(HIDDEN));
  return isPublic ? visible : hideOld(visible, partner?.shown);
}

/**
 * A removed line of a content that holds secrets. The places of the old secrets are not known, so it shows no more than
 * the line that replaces it does: the words that both begin and end with. Old numbers and switches are shown where they
 * are replaced by others, unless a word of the line suggests a secret. Both lines are visible text, in which HIDDEN
 * stands for secrets.
 */
function hideOld(old: string, replacement: string | undefined): string {
  const [indent = ''] = /^\s*/.exec(old) ?? [];
  if (indent === old) return old;
  const [left, right] = [wordsOf(old.slice(indent.length)), wordsOf(replacement?.trimStart() ?? '')];
  const {start, end} = commonEnds(left, right);
  const [rest, instead] = [left, right].map((words) => words.slice(start, words.length - end).join(''));
  if (rest === '' && (start === 0 || end === 0)) return old;
  if (isHarmless(rest, instead) && !/pass|secret|token|key|auth|cred|pin|priv|salt|hash/i.test(old)) return old;
  return `${indent}${left.slice(0, start).join('')}${HIDDEN}${left.slice(left.length - end).join('')}`;
}

/** A port, an address, a time, a size; `on` and `off`. */
const PLAIN = [/^\d{1,5}([.:,/]\d{1,5})*[a-zA-Z%]{0,2}$/, /^(on|off|yes|no|true|false|enabled|disabled)$/i];

function isHarmless(old = '', fresh = ''): boolean {
  return PLAIN.some((form) => form.test(old) && form.test(fresh));
}

function compareShown(before: string, after: string | undefined) {
  if (after === undefined) return undefined;
  const pieces = compareWords(markTrailing(before), markTrailing(after));
  const isSpacing = before !== after && before.replaceAll(/\s/g, '') === after.replaceAll(/\s/g, '');
  if (!isSpacing || pieces === undefined) return pieces;
  return {before: pieces.before.map(markBlanks), after: pieces.after.map(markBlanks)};
}

/** No word is marked where all of them differ, or none. */
function rowOf(sign: DiffRow['sign'], {ended}: ContentLine, pieces: readonly LinePiece[]): DiffRow {
  const isMarked = pieces.some(({changed}) => changed) && pieces.some(({changed}) => !changed);
  const shown = pieces.flatMap(({text, changed}) => piecesOf(text, isMarked && changed));
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

const whole = (shown: string): LinePiece => ({text: markTrailing(shown), changed: false});

/** Blanks at the end of a changed line are shown as signs: sometimes nothing else differs. */
function markTrailing(text: string): string {
  return text.replace(/[ \t]+(?=␍?$)/, signs);
}

const markBlanks = (piece: LinePiece): LinePiece => (piece.changed ? {...piece, text: signs(piece.text)} : piece);

const signs = (blanks: string) => blanks.replaceAll(' ', '␠').replaceAll('\t', '␉');

/**
 * Which added line replaces which removed line: the index in `added` for each of `removed`, undefined for a line
 * without a similar one. Pairs keep the order of the lines.
 */
export function pairLines(removed: readonly string[], added: readonly string[]): readonly (number | undefined)[] {
  if (removed.length === 1 && added.length === 1) return [0];
  if (removed.length * added.length > MOST_PAIRS) return removed.map(() => undefined);
  const [left, right] = [removed.map(countWords), added.map(countWords)];
  return align(left.map((before) => right.map((after) => likeness(before, after))));
}

/** Comparisons of two lines beyond which pairs are of no use to a reader. */
const MOST_PAIRS = 2500;

interface Words {
  readonly first: string | undefined;
  /** How often each stands in the line. */
  readonly counts: ReadonlyMap<string, number>;
  /** Characters of all words. */
  readonly size: number;
}

function countWords(line: string): Words {
  const words = wordsOf(line.slice(0, 300)).filter((word) => word.trim() !== '');
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return {first: words[0], counts, size: words.join('').length};
}

/** From 0, different, to 1, the same words. Two lines that differ in one long value alone are alike. */
function likeness(left: Words, right: Words): number {
  const shared = [...left.counts].map(([word, count]) => word.length * Math.min(count, right.counts.get(word) ?? 0));
  const common = shared.reduce((sum, each) => sum + each, 0);
  if (common === 0) return 0;
  const isAlike = common >= Math.min(left.size, right.size) * 0.4 || left.first === right.first;
  return isAlike ? common / left.size / 2 + common / right.size / 2 : 0;
}

/** The pairs, in order, whose likenesses add up to the most. */
function align(likenesses: readonly (readonly number[])[]): (number | undefined)[] {
  const width = likenesses[0]?.length ?? 0;
  const best = Array.from({length: likenesses.length + 1}, () => Array.from({length: width + 1}, () => 0));
  const at = (row: number, column: number) => best[row]?.[column] ?? 0;
  const like = (row: number, column: number) => likenesses[row]?.[column] ?? 0;
  for (let row = likenesses.length - 1; row >= 0; row--) {
    for (let column = width - 1; column >= 0; column--) {
      const paired = like(row, column) + at(row + 1, column + 1);
      best[row]?.splice(column, 1, Math.max(paired, at(row + 1, column), at(row, column + 1)));
    }
  }
  let column = 0;
  return likenesses.map((_row, row) => {
    while (column < width && at(row, column) === at(row, column + 1)) column++;
    if (column >= width || at(row, column) === at(row + 1, column)) return undefined;
    return column++;
  });
}
