import {fileLine, joined, paint, type StyledText, styled, visibleLine} from '../model/index.js';
import {MASK} from '../shell/index.js';
import {HIDDEN, type Line} from './content-lines.js';
import {hideOld} from './hide-old.js';
import type {Hunk} from './line-diff.js';
import {pairLines} from './pair-lines.js';
import {compareWords, type Piece} from './words.js';

/** The lines of two contents that hunks speak of. */
export interface Sides {
  readonly before: readonly Line[];
  readonly after: readonly Line[];
  /** Of a line that goes nothing may be shown that what comes does not show. */
  readonly masked: boolean;
}

/** A hunk with its header, the words that differ inverse, on lines where blanks alone differ with these as signs. */
export function renderHunk({header, steps}: Hunk, sides: Sides): StyledText[] {
  const lines = steps.flatMap((step, index) => {
    const line = sides.after[step.after];
    if (step.sign === ' ') return line === undefined ? [] : [styled` ${unmark(line.shown)}`, ...renderEnd(line)];
    if (steps[index - 1]?.sign !== ' ' && index > 0) return [];
    const next = steps.findIndex(({sign}, at) => at > index && sign === ' ');
    return renderChange(steps.slice(index, next < 0 ? undefined : next), sides);
  });
  return [paint('cyan', header), ...lines];
}

/** Lines that only come or only go. */
export function renderLines(sign: '+' | '-', lines: readonly Line[]): StyledText[] {
  return lines.flatMap((line) => [renderLine(sign, [whole(line.shown)]), ...renderEnd(line)]);
}

function renderChange(steps: Hunk['steps'], sides: Sides): StyledText[] {
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
    ...removed.flatMap((line, index) => {
      const pieces = compared[index]?.before ?? [whole(old[index] ?? '')];
      return [renderLine('-', pieces), ...renderEnd(line)];
    }),
    ...added.flatMap((line, index) => {
      const pieces = compared[pairs.indexOf(index)]?.after ?? [whole(line.shown)];
      return [renderLine('+', pieces), ...renderEnd(line)];
    }),
  ];
}

/** A line that goes is no secret where the same stands in the new content for all to see. */
function hide({text}: Line, partner: Line | undefined, {after}: Sides): string {
  const isPublic = after.some((line) => line.text === text && !line.shown.includes(HIDDEN));
  return isPublic ? visibleLine(text) : hideOld(visibleLine(text), partner?.shown);
}

function compareShown(before: string, after: string | undefined) {
  if (after === undefined) return undefined;
  const pieces = compareWords(markTrailing(before), markTrailing(after));
  const isSpacing = before !== after && before.replaceAll(/\s/g, '') === after.replaceAll(/\s/g, '');
  if (!isSpacing || pieces === undefined) return pieces;
  return {before: pieces.before.map(markBlanks), after: pieces.after.map(markBlanks)};
}

function renderLine(sign: '+' | '-', pieces: readonly Piece[]): StyledText {
  const isPlain = pieces.every(({changed}) => changed) || pieces.every(({changed}) => !changed);
  const text = pieces.map((piece) =>
    piece.changed && !isPlain ? unmark(piece.text).in('inverse') : unmark(piece.text),
  );
  return paint(sign === '+' ? 'green' : 'red', styled`${sign}${joined(text, '')}`);
}

function renderEnd({ended}: Line): StyledText[] {
  return ended ? [] : [paint('dim', '\\ No newline at end of file')];
}

const whole = (shown: string): Piece => ({text: markTrailing(shown), changed: false});

const unmark = (shown: string) => fileLine(shown.replaceAll(HIDDEN, MASK));

/** Blanks at the end of a line that comes or goes would be invisible, and sometimes they are all that differs. */
function markTrailing(text: string): string {
  return text.replace(/[ \t]+(?=␍?$)/, signs);
}

const markBlanks = (piece: Piece): Piece => (piece.changed ? {...piece, text: signs(piece.text)} : piece);

const signs = (blanks: string) => blanks.replaceAll(' ', '␠').replaceAll('\t', '␉');
