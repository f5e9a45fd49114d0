import {counted} from '../../model/index.js';
import {askServer} from '../../tasks/mysql/client.js';
import {CHUNK_ROWS, type Chunk, hasUsableKey, WHOLE_ROWS} from './checksum.js';
import {compareShapes, type Difference, rangeOf} from './compare.js';
import {attempt, chunksOf, compareClosely, replicasIn} from './compare-parts.js';
import {answerAt, type ComparedServers, computeChunks, EXECUTED, type Load, parseExecuted} from './sides.js';
import {nameOf, parseTables, TABLES_QUERY, type Table} from './tables.js';

/** What a comparison of a primary with its replicas came to. */
export interface CheckResult {
  readonly tables: number;
  /** Rows of the primary that were compared. */
  readonly rows: number;
  readonly chunks: number;
  /** Views, routines, triggers, events and accounts of the primary; left out where only tables were compared. */
  readonly definitions?: number;
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

/** Chunks that are computed one after another before the replicas are asked. */
const BATCH = 20;

/**
 * Compares all tables of users, chunk by chunk, without a lock; replicas go on replicating. A chunk that differs is
 * compared at one transaction, while the primary locks its rows, and taken apart down to single rows. Rejects when a
 * server is lost.
 */
export async function checkTables(
  sides: ComparedServers,
  load: Load,
  tell: (progress: CheckProgress) => void,
): Promise<CheckResult> {
  const found = await attempt(() => shapes(sides));
  if (typeof found === 'string') return nothingCompared(found);
  const {tables, differences} = found;
  const result = new Result(differences);
  const estimate = tables.reduce((sum, {rows}) => sum + rows, 0);
  let open: Chunk[] = [];
  const flush = async () => {
    if (open.length > 0) await compareBatch(sides, open, load, result);
    open = [];
  };
  for (const table of tables) {
    const because = refused(table);
    if (because !== undefined) result.notCompared.push({table: nameOf(table), because, isUsual: true});
    else {
      for await (const chunk of chunksOf(sides, {table, after: undefined, upTo: undefined}, CHUNK_ROWS)) {
        open.push(chunk);
        if (open.length >= BATCH) await flush();
        tell({table: nameOf(table), rows: result.rows, estimate});
      }
    }
  }
  await flush();
  const {rows, chunks, notCompared} = result;
  return {tables: tables.length, rows, chunks, differences: result.differences, notCompared};
}

function nothingCompared(because: string): CheckResult {
  const notCompared = [{table: 'all tables', because, isUsual: false}];
  return {tables: 0, rows: 0, chunks: 0, differences: [], notCompared};
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

  failed(chunk: Chunk, because: string): void {
    this.notCompared.push({table: `${nameOf(chunk.table)} (${rangeOf(chunk)})`, because, isUsual: false});
  }
}

/**
 * The tables that all servers have alike, and how the others differ. A replica is asked when it has executed what the
 * primary had: a table may just have been made.
 */
async function shapes({family, primary, replicas}: ComparedServers) {
  const ask = (text: string) => askServer({mariadb: text, mysql: text});
  const reply = await primary.ask(ask(`${TABLES_QUERY}\n${EXECUTED[family]}`));
  const own = parseTables(reply).tables;
  const gtid = parseExecuted(reply.stdout);
  const found = await Promise.all(
    replicas.map(async (replica) => {
      const answer = await answerAt(replica, {family, gtid}, (wait) => ask(`${wait}\n${TABLES_QUERY}`));
      return compareShapes(own, parseTables(answer).tables).map((each) => ({...each, replica: replica.name}));
    }),
  );
  const differences = found.flat();
  const strange = new Set(differences.map(({table}) => table));
  return {tables: own.filter((table) => !strange.has(nameOf(table))), differences};
}

function refused(table: Table): string | undefined {
  if (hasUsableKey(table) || table.rows <= WHOLE_ROWS) return undefined;
  const why = table.key.length === 0 ? 'no primary key' : 'a primary key whose order is not that of its text';
  return `it has ${why} and about ${counted(table.rows, 'row')}`;
}

/** Compares chunks; those that differ are compared more closely. */
async function compareBatch(
  sides: ComparedServers,
  chunks: readonly Chunk[],
  load: Load,
  result: Result,
): Promise<void> {
  const found = await attempt(() => computeChunks(sides, chunks, load));
  if (typeof found === 'string') {
    for (const chunk of chunks) result.failed(chunk, found);
    return;
  }
  result.chunks += chunks.length;
  for (const {rows} of found.primary.values()) result.rows += rows;
  const suspects = new Set(
    replicasIn(found, chunks).flatMap(({differing, missing}) => [...differing.map(({chunk}) => chunk), ...missing]),
  );
  const {differences, failed} = await compareClosely(sides, [...suspects], load);
  result.differences.push(...differences);
  for (const {chunk, because} of failed) result.failed(chunk, because);
}
