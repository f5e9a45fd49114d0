import {createRequire} from 'node:module';

/** A stretch of differences: its lines with their sign (` `, `+`, `-`, `\`) in front. */
export interface Hunk {
  /** `@@ -1,4 +1,5 @@` */
  readonly header: string;
  readonly lines: readonly string[];
}

/**
 * The differing stretches of two texts with `context` equal lines around them; undefined when the texts have too
 * little in common for a comparison to be worth its time (thousands of differing lines take seconds).
 */
export function diffLines(before: string, after: string, context = 3): readonly Hunk[] | undefined {
  if (before === after) return [];
  if (before === '') return [whole('+', after)];
  if (after === '') return [whole('-', before)];
  const patch = library().structuredPatch('', '', before, after, '', '', {context, maxEditLength: 2000, timeout: 2000});
  return patch?.hunks.map(({oldStart, oldLines, newStart, newLines, lines}) => ({
    header: header(range(oldStart, oldLines), range(newStart, newLines)),
    lines,
  }));
}

/** How many lines differ: the larger of those that go and those that come. */
export function countChangedLines(before: string, after: string): number | undefined {
  const lines = diffLines(before, after, 0)?.flatMap((hunk) => hunk.lines);
  if (lines === undefined) return undefined;
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  return Math.max(count('+'), count('-'));
}

/** Loaded on first use: it costs 26 ms, and many runs have nothing to compare. */
function library(): typeof import('diff') {
  // `require` is untyped; the package's own types describe what it returns.
  return createRequire(import.meta.url)('diff') as typeof import('diff');
}

function whole(sign: '+' | '-', text: string): Hunk {
  const lines = text.split('\n');
  const ended = lines.at(-1) === '';
  if (ended) lines.pop();
  const [none, all] = ['0,0', range(1, lines.length)];
  return {
    header: sign === '+' ? header(none, all) : header(all, none),
    lines: [...lines.map((line) => `${sign}${line}`), ...(ended ? [] : ['\\ No newline at end of file'])],
  };
}

const header = (before: string, after: string) => `@@ -${before} +${after} @@`;

/** In the unified format an empty range names the line before it. */
const range = (start: number, count: number) => `${count === 0 ? start - 1 : start},${count}`;
