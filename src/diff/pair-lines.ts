import {wordsOf} from './words.js';

/**
 * Which of the lines that come replaces which of those that go: the index in `added` for each of `removed`, undefined
 * for a line that nothing resembles. Pairs keep the order of the lines.
 */
export function pairLines(removed: readonly string[], added: readonly string[]): readonly (number | undefined)[] {
  if (removed.length === 1 && added.length === 1) return [0];
  if (removed.length * added.length > MOST_PAIRS) return removed.map(() => undefined);
  const [left, right] = [removed.map(countWords), added.map(countWords)];
  return align(left.map((before) => right.map((after) => likeness(before, after))));
}

/** Comparisons of two lines beyond which nobody reads pairs. */
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

/** From 0, different, to 1, the same words. A long value does not part two lines that are alike but for it. */
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
