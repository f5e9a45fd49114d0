import {UnreadableReply} from '../../model/index.js';
import {parseRows, runStatements} from '../../tasks/mysql/client.js';
import {attempt, type CheckedServers} from './check-window.js';
import {boundaryQuery, type Chunk, hasUsableKey} from './checksum.js';
import {compareChunks, type Difference, rangeOf} from './compare.js';
import {nameOf} from './tables.js';
import type {Load} from './window.js';

/** The chunks of a range, each of about `rows` rows. */
export async function* chunksOf({family, primary}: CheckedServers, whole: Chunk, rows: number): AsyncGenerator<Chunk> {
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

/** Rows of the parts into which a chunk that differs is taken apart, one after another. */
const PARTS = [1000, 50, 1];

/** Parts of one chunk that are taken apart further; the others are told as they are. */
const MOST = 5;

/**
 * Where in a chunk a replica differs, down to single rows. Undefined where no more is known: it is equal by now, it has no
 * key, or a window failed.
 */
export async function narrow(
  sides: CheckedServers,
  whole: Chunk,
  replica: string,
  load: Load,
): Promise<readonly (Difference & {readonly replica: string})[] | undefined> {
  const only = {...sides, replicas: sides.replicas.filter(({name}) => name === replica)};
  const found = await parts(only, whole, replica, load, 0);
  return found?.map((each) => ({...each, replica}));
}

async function parts(
  sides: CheckedServers,
  whole: Chunk,
  replica: string,
  load: Load,
  level: number,
): Promise<readonly Difference[] | undefined> {
  const rows = PARTS[level];
  if (rows === undefined || !hasUsableKey(whole.table)) return undefined;
  const chunks: Chunk[] = [];
  for await (const chunk of chunksOf(sides, whole, rows)) chunks.push(chunk);
  const found = await attempt(sides, chunks, load);
  if (typeof found === 'string') return undefined;
  const {differences} = compareChunks(chunks, found.primary, found.replicas.get(replica) ?? new Map());
  if (differences.length === 0) return undefined;
  const all: Difference[] = [];
  for (const [index, {chunk, rows: counts}] of differences.entries()) {
    const more = index < MOST ? await parts(sides, chunk, replica, load, level + 1) : undefined;
    all.push(...(more ?? [{table: nameOf(chunk.table), where: rangeOf(chunk), rows: counts}]));
  }
  return all;
}
