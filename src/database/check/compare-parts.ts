import {UnreadableReply} from '../../model/index.js';
import {parseRows, runStatements} from '../../tasks/mysql/client.js';
import {boundaryQuery, type Chunk, hasUsableKey} from './checksum.js';
import {compareChunks, type Difference, type DifferingChunk, rangeOf} from './compare.js';
import {computeLocked} from './locked.js';
import {AttemptFailed, type Checksums, type ComparedServers, computeChunks, type Load} from './sides.js';
import {nameOf} from './tables.js';

/** Where replicas differ, and what could not be found out. */
export interface CloseFindings {
  readonly differences: readonly (Difference & {readonly replica: string})[];
  readonly failed: readonly {readonly chunk: Chunk; readonly because: string}[];
}

/** The chunks of a range, each of about N rows. */
export async function* chunksOf({family, primary}: ComparedServers, whole: Chunk, rows: number): AsyncGenerator<Chunk> {
  const {table, upTo} = whole;
  let {after} = whole;
  while (hasUsableKey(table)) {
    const reply = await primary.ask(runStatements(family, [boundaryQuery({table, after, upTo}, rows)]));
    if (reply.code !== 0) throw new UnreadableReply(`${primary.name}: ${reply.stderr.trim()}`);
    const [key] = parseRows(reply.stdout);
    if (key === undefined) break;
    yield {table, after, upTo: key};
    after = key;
  }
  yield {table, after, upTo};
}

/** Rows of the parts that a chunk is taken apart into, one after another. */
const PARTS = [1000, 50, 1];

/** Parts of one chunk that are taken apart further; the others are told as they are. */
const MOST = 20;

/** How often a part is tried that a client holds, or whose replica is too slow. */
const ATTEMPTS = 5;

/**
 * Finds out about chunks that differed without a lock, which a write in between explains as well. Each is taken apart and
 * compared again; what still differs is compared while its rows are locked, and then taken apart down to single rows.
 */
export async function compareClosely(
  sides: ComparedServers,
  differing: readonly Chunk[],
  load: Load,
): Promise<CloseFindings> {
  const all: CloseFindings[] = [];
  for (const chunk of differing) all.push(await closely(sides, chunk, load, 0));
  return merge(all);
}

async function closely(sides: ComparedServers, chunk: Chunk, load: Load, level: number): Promise<CloseFindings> {
  const rows = PARTS[level];
  if (!hasUsableKey(chunk.table) || rows === undefined) return exactly(sides, chunk, load);
  const parts: Chunk[] = [];
  for await (const part of chunksOf(sides, chunk, rows)) parts.push(part);
  const found = await attempt(() => computeChunks(sides, parts, load));
  if (typeof found === 'string') return {differences: [], failed: [{chunk, because: found}]};
  const suspects = new Set(
    replicasIn(found, parts).flatMap(({differing, missing}) => [...differing.map((each) => each.chunk), ...missing]),
  );
  const all: CloseFindings[] = [];
  for (const [index, part] of [...suspects].entries()) {
    const proven = await exactly(sides, part, load);
    const isCertain = proven.failed.length === 0 && proven.differences.length > 0;
    all.push(
      isCertain && rows > 1 && index < MOST ? orElse(await closely(sides, part, load, level + 1), proven) : proven,
    );
  }
  return merge(all);
}

/** A part that was found to differ, and now does not, was repaired in between: the earlier finding stands. */
const orElse = (closer: CloseFindings, proven: CloseFindings): CloseFindings =>
  closer.differences.length > 0 ? closer : proven;

/** Compares a chunk while its rows are locked. */
async function exactly(sides: ComparedServers, chunk: Chunk, load: Load): Promise<CloseFindings> {
  const found = await attempt(() => computeLocked(sides, chunk, load));
  if (typeof found === 'string') return {differences: [], failed: [{chunk, because: found}]};
  const results = replicasIn(found, [chunk]);
  return {
    differences: results.flatMap(({replica, differing}) => differing.map((each) => ({...differenceOf(each), replica}))),
    failed: results.flatMap(({replica, missing}) =>
      missing.map((each) => ({chunk: each, because: `${replica} gave no checksum`})),
    ),
  };
}

export function differenceOf({chunk, rows}: DifferingChunk): Difference {
  return {table: nameOf(chunk.table), where: rangeOf(chunk), rows};
}

export function replicasIn({primary, replicas}: Checksums, chunks: readonly Chunk[]) {
  return [...replicas].map(([replica, sums]) => {
    const {differences: differing, missing} = compareChunks(chunks, primary, sums);
    return {replica, differing, missing};
  });
}

/** What it resolves with, several times where it fails; at last the reason. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | string> {
  for (let left = ATTEMPTS; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AttemptFailed)) throw error;
      if (left <= 1) return error.message;
    }
  }
}

function merge(all: readonly CloseFindings[]): CloseFindings {
  return {differences: all.flatMap(({differences}) => differences), failed: all.flatMap(({failed}) => failed)};
}
