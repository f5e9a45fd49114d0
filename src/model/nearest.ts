/**
 * The candidate that a mistyped word most likely meant, or undefined when none is close. Upper case, `-` and `_` are
 * ignored; two slips are forgiven, one in words of four letters or fewer.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const allowed = word.length <= 4 ? 1 : 2;
  let best: {candidate: string; slips: number} | undefined;
  for (const candidate of candidates) {
    const slips = distance(plain(word), plain(candidate));
    if (slips <= allowed && slips < (best?.slips ?? Number.POSITIVE_INFINITY)) best = {candidate, slips};
  }
  return best?.candidate;
}

/** `Did you mean "web"?`, or undefined when no candidate is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const meant = nearest(word, candidates);
  return meant === undefined ? undefined : `Did you mean "${meant}"?`;
}

const plain = (word: string) => word.toLowerCase().replaceAll(/[-_]/g, '');

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function distance(left: string, right: string): number {
  let older: number[] = [];
  let old = Array.from({length: right.length + 1}, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const line = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      line[column] = Math.min(
        (old[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (old[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (older[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [older, old] = [old, line];
  }
  return old[right.length] ?? 0;
}
