import {createRequire} from 'node:module';
import type {LineRange} from '../model/index.js';
import {HIDDEN} from './content-lines.js';

/**
 * A line of a comparison: its sign and its index before and after; on the side that lacks it, the index of the next.
 */
export interface LineStep {
  readonly sign: ' ' | '-' | '+';
  readonly before: number;
  readonly after: number;
}

/** A stretch of differences with equal lines around them. */
export interface Hunk {
  readonly before: LineRange;
  readonly after: LineRange;
  readonly steps: readonly LineStep[];
}

/**
 * The lines that are removed, added and kept; in each place the removed ones come first. Undefined when the texts have
 * too little in common for a comparison to be worth its time (thousands of differing lines take seconds).
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly LineStep[] | undefined {
  const limits = {maxEditLength: 2000, timeout: 2000};
  const isOneSided = before.length === 0 || after.length === 0;
  const changes = isOneSided ? replaceAll(before, after) : diffLibrary().diffArrays([...before], [...after], limits);
  return changes && steps(changes);
}

/** Groups differences with `context` equal lines around them, except for hidden ones at the edges. */
export function hunksOf(
  steps: readonly LineStep[],
  isBlind: (step: LineStep) => boolean = () => false,
  context = 3,
): Hunk[] {
  const near = new Set<number>();
  steps.forEach(({sign}, index) => {
    for (let each = index - context; sign !== ' ' && each <= index + context; each++) near.add(each);
  });
  const runs = split(steps, (_step, index) => !near.has(index));
  return runs.map((run) => trim(run, isBlind)).map((run) => ({...rangesOf(run), steps: run}));
}

/** A piece of a line, which differs from the line it is compared with or not. */
export interface LinePiece {
  readonly text: string;
  readonly changed: boolean;
}

/** Which words differ in two lines; undefined when nearly all do, so that marks would say nothing. */
export function compareWords(before: string, after: string): {before: LinePiece[]; after: LinePiece[]} | undefined {
  const [left, right] = [wordsOf(before), wordsOf(after)];
  const {start, end} = commonEnds(left, right);
  const middle = compareMiddle(left.slice(start, left.length - end), right.slice(start, right.length - end));
  const head = {text: left.slice(0, start).join(''), changed: false};
  const tail = {text: left.slice(left.length - end).join(''), changed: false};
  const [old, fresh] = [merge([head, ...middle.before, tail]), merge([head, ...middle.after, tail])];
  return isUseful(old, fresh) ? {before: old, after: fresh} : undefined;
}

/**
 * How many words two lines have in common at the beginning, and of the rest at the end. Hidden words are never equal.
 */
export function commonEnds(left: readonly string[], right: readonly string[]): {start: number; end: number} {
  const most = Math.min(left.length, right.length);
  let start = 0;
  while (start < most && same(left[start], right[start])) start++;
  let end = 0;
  while (end < most - start && same(left.at(-1 - end), right.at(-1 - end))) end++;
  return {start, end};
}

/** Words, single blanks and single other characters. Joined they are the line again. */
export function wordsOf(line: string): string[] {
  return line.match(/[\p{L}\p{N}\p{M}_]+|[^\p{L}\p{N}\p{M}_]/gu) ?? [];
}

interface Change {
  readonly count: number;
  readonly removed: boolean;
  readonly added: boolean;
}

function replaceAll(before: readonly string[], after: readonly string[]): Change[] {
  const none = {removed: false, added: false};
  return [
    {...none, removed: true, count: before.length},
    {...none, added: true, count: after.length},
  ];
}

function steps(changes: readonly Change[]): LineStep[] {
  const all: LineStep[] = [];
  let [before, after] = [0, 0];
  let waiting: number[] = [];
  const settle = () => {
    all.push(...waiting.map((index) => ({sign: '+' as const, before, after: index})));
    waiting = [];
  };
  for (const {count, added, removed} of changes) {
    if (!added && !removed) settle();
    for (let each = 0; each < count; each++) {
      if (added) waiting.push(after++);
      else if (removed) all.push({sign: '-', before: before++, after: after - waiting.length});
      else all.push({sign: ' ', before: before++, after: after++});
    }
  }
  settle();
  return all;
}

/** The stretches between the items that separate them. */
function split<T>(items: readonly T[], isSeparator: (item: T, index: number) => boolean): T[][] {
  const runs: T[][] = [];
  let wasSeparator = true;
  items.forEach((item, index) => {
    const parts = isSeparator(item, index);
    if (!parts && wasSeparator) runs.push([]);
    if (!parts) runs.at(-1)?.push(item);
    wasSeparator = parts;
  });
  return runs;
}

function trim(run: readonly LineStep[], isBlind: (step: LineStep) => boolean): readonly LineStep[] {
  const shows = (step: LineStep) => step.sign !== ' ' || !isBlind(step);
  return run.slice(run.findIndex(shows), run.findLastIndex(shows) + 1);
}

function rangesOf(run: readonly LineStep[]): Pick<Hunk, 'before' | 'after'> {
  const count = (absent: LineStep['sign']) => run.filter(({sign}) => sign !== absent).length;
  return {before: range(run[0]?.before ?? 0, count('+')), after: range(run[0]?.after ?? 0, count('-'))};
}

const range = (index: number, count: number) => ({from: count === 0 ? index : index + 1, count});

const same = (left: string | undefined, right: string | undefined) => left === right && left !== HIDDEN;

/** Words on either side beyond which the middle of a line counts as changed in whole. */
const MOST_WORDS = 400;

function compareMiddle(left: string[], right: string[]): {before: LinePiece[]; after: LinePiece[]} {
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
function merge(pieces: readonly LinePiece[]): LinePiece[] {
  const full = pieces.filter(({text}) => text !== '');
  const merged: LinePiece[] = [];
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
function isUseful(before: readonly LinePiece[], after: readonly LinePiece[]): boolean {
  const length = (pieces: readonly LinePiece[]) => pieces.reduce((sum, {text}) => sum + text.trim().length, 0);
  const kept = length(before.filter(({changed}) => !changed));
  return kept > 0 && kept * 4 >= Math.min(length(before), length(after));
}

/** Loaded on first use: it costs 26 ms, and many runs have nothing to compare. */
function diffLibrary(): typeof import('diff') {
  // `require` is untyped; the package's own types describe what it returns.
  return createRequire(import.meta.url)('diff') as typeof import('diff');
}
