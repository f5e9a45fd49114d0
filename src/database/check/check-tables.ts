import {askServer} from '../../tasks/mysql/client.js';
import {attempt, type CheckedServers, type WindowResult} from './check-window.js';
import {CHUNK_ROWS, type Chunk, hasUsableKey, WHOLE_ROWS} from './checksum.js';
import {compareChunks, compareShapes, type Difference, rangeOf} from './compare.js';
import {chunksOf, narrow} from './narrow.js';
import {nameOf, parseTables, TABLES_QUERY, type Table} from './tables.js';
import type {Load} from './window.js';

/** What a comparison of a primary with its replicas came to. */
export interface CheckResult {
  readonly tables: number;
  /** Rows of the primary that were compared. */
  readonly rows: number;
  readonly chunks: number;
  /** By replica, in the order of the tables. */
  readonly differences: readonly (Difference & {readonly replica: string})[];
  /** What was not compared. */
  readonly notCompared: readonly NotCompared[];
}

/** What could not be compared, and why. */
export interface NotCompared {
  readonly table: string;
  readonly because: string;
  /** The table cannot be compared in parts; else an attempt failed, and another one may succeed. */
  readonly isUsual: boolean;
}

/** Whether everything that can be compared was compared, and is equal. */
export function isEqual({differences, notCompared}: CheckResult): boolean {
  return differences.length === 0 && notCompared.every(({isUsual}) => isUsual);
}

/** How far it is. */
export interface CheckProgress {
  readonly table: string;
  readonly rows: number;
  readonly estimate: number;
}

/** Chunks that are computed in one snapshot: a minute at most, so that old versions of rows do not pile up. */
const WINDOW_CHUNKS = 20;

/**
 * Compares all tables of users, chunk by chunk, each chunk at one transaction on all servers. A chunk that differs is
 * taken apart down to single rows. Rejects when a server is lost or a replica does not replicate.
 */
export async function checkTables(
  sides: CheckedServers,
  load: Load,
  tell: (progress: CheckProgress) => void,
): Promise<CheckResult> {
  const {tables, differences} = await shapes(sides);
  const result = new Result(differences);
  const estimate = tables.reduce((sum, {rows}) => sum + rows, 0);
  let open: Chunk[] = [];
  const flush = async () => {
    if (open.length > 0) await compareWindow(sides, open, load, result);
    open = [];
  };
  for (const table of tables) {
    const because = refused(table);
    if (because !== undefined) result.notCompared.push({table: nameOf(table), because, isUsual: true});
    else {
      for await (const chunk of chunksOf(sides, {table, after: undefined, upTo: undefined}, CHUNK_ROWS)) {
        open.push(chunk);
        if (open.length >= WINDOW_CHUNKS) await flush();
        tell({table: nameOf(table), rows: result.rows, estimate});
      }
    }
  }
  await flush();
  return {...result, tables: tables.length};
}

/** What is known so far. */
class Result {
  rows = 0;
  chunks = 0;
  readonly differences: (Difference & {readonly replica: string})[];
  readonly notCompared: NotCompared[] = [];

  constructor(differences: CheckResult['differences']) {
    this.differences = [...differences];
  }
}

/** The tables that all servers have alike, and how the others differ. */
async function shapes({primary, replicas}: CheckedServers) {
  const ask = askServer({mariadb: TABLES_QUERY, mysql: TABLES_QUERY});
  const [own, ...others] = await Promise.all(
    [primary, ...replicas].map(async (each) => parseTables(await each.ask(ask)).tables),
  );
  const found = others.flatMap((each, index) => {
    const replica = replicas[index]?.name ?? '';
    return compareShapes(own ?? [], each).map((difference) => ({...difference, replica}));
  });
  const strange = new Set(found.map(({table}) => table));
  return {tables: (own ?? []).filter((table) => !strange.has(nameOf(table))), differences: found};
}

function refused(table: Table): string | undefined {
  if (hasUsableKey(table) || table.rows <= WHOLE_ROWS) return undefined;
  const why = table.key.length === 0 ? 'no primary key' : 'a primary key whose order is not that of its text';
  return `it has ${why} and about ${table.rows} rows`;
}

async function compareWindow(sides: CheckedServers, chunks: readonly Chunk[], load: Load, result: Result): Promise<void> {
  const found = await attempt(sides, chunks, load);
  if (typeof found === 'string') {
    for (const chunk of chunks)
      result.notCompared.push({table: `${nameOf(chunk.table)} (${rangeOf(chunk)})`, because: found, isUsual: false});
    return;
  }
  result.chunks += chunks.length;
  for (const {rows} of found.primary.values()) result.rows += rows;
  await noteDifferences(sides, chunks, found, load, result);
}

async function noteDifferences(
  sides: CheckedServers,
  chunks: readonly Chunk[],
  found: WindowResult,
  load: Load,
  result: Result,
) {
  for (const [replica, sums] of found.replicas) {
    const {differences, missing} = compareChunks(chunks, found.primary, sums);
    for (const chunk of missing) {
      const because = `${replica}: no checksum within ${load.limit} s`;
      result.notCompared.push({table: `${nameOf(chunk.table)} (${rangeOf(chunk)})`, because, isUsual: false});
    }
    for (const {chunk, rows} of differences) {
      const precise = await narrow(sides, chunk, replica, load);
      result.differences.push(...(precise ?? [{table: nameOf(chunk.table), where: rangeOf(chunk), rows, replica}]));
    }
  }
}
