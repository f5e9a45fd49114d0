import type {LineRange} from '../model/index.js';
import {diffLibrary} from './diff-library.js';

/** A line of a comparison: its sign and its index before and after; on the side that lacks it, the index of the next. */
export interface Step {
  readonly sign: ' ' | '-' | '+';
  readonly before: number;
  readonly after: number;
}

/** A stretch of differences with equal lines around them. */
export interface Hunk {
  readonly before: LineRange;
  readonly after: LineRange;
  readonly steps: readonly Step[];
}

/**
 * What goes, comes and stays of some lines, in each place first what goes. Undefined when they have too little in
 * common for a comparison to be worth its time (thousands of differing lines take seconds).
 */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Step[] | undefined {
  const limits = {maxEditLength: 2000, timeout: 2000};
  const isOneSided = before.length === 0 || after.length === 0;
  const changes = isOneSided ? replaceAll(before, after) : diffLibrary().diffArrays([...before], [...after], limits);
  return changes && steps(changes);
}

/** Groups differences with `context` equal lines around them, except for those at the edges that show nothing. */
export function hunksOf(steps: readonly Step[], isBlind: (step: Step) => boolean = () => false, context = 3): Hunk[] {
  const near = new Set<number>();
  steps.forEach(({sign}, index) => {
    for (let each = index - context; sign !== ' ' && each <= index + context; each++) near.add(each);
  });
  const runs = split(steps, (_step, index) => !near.has(index));
  return runs.map((run) => trim(run, isBlind)).map((run) => ({...rangesOf(run), steps: run}));
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

function steps(changes: readonly Change[]): Step[] {
  const all: Step[] = [];
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

/** The stretches between the items that part them. */
function split<T>(items: readonly T[], isParting: (item: T, index: number) => boolean): T[][] {
  const runs: T[][] = [];
  let wasParting = true;
  items.forEach((item, index) => {
    const parts = isParting(item, index);
    if (!parts && wasParting) runs.push([]);
    if (!parts) runs.at(-1)?.push(item);
    wasParting = parts;
  });
  return runs;
}

function trim(run: readonly Step[], isBlind: (step: Step) => boolean): readonly Step[] {
  const shows = (step: Step) => step.sign !== ' ' || !isBlind(step);
  return run.slice(run.findIndex(shows), run.findLastIndex(shows) + 1);
}

function rangesOf(run: readonly Step[]): Pick<Hunk, 'before' | 'after'> {
  const count = (absent: Step['sign']) => run.filter(({sign}) => sign !== absent).length;
  return {before: range(run[0]?.before ?? 0, count('+')), after: range(run[0]?.after ?? 0, count('-'))};
}

const range = (index: number, count: number) => ({from: count === 0 ? index : index + 1, count});
