import {identifier, type ServerFamily} from '../../tasks/mysql/client.js';
import type {Column, Table} from './tables.js';

/** Rows of a table whose keys lie between two; undefined: from its first, or to its last. */
export interface Chunk {
  readonly table: Table;
  /** Literals of SQL, one a column of the key; the chunk begins behind it. */
  readonly after: readonly string[] | undefined;
  /** The last key of the chunk. */
  readonly upTo: readonly string[] | undefined;
}

/** Rows of a chunk: each is hashed on its own, so that few rows are never many for a statement. */
export const CHUNK_ROWS = 20_000;

/** The most rows, by the estimate of the server, of a table without a usable key: it is compared as one chunk. */
export const WHOLE_ROWS = 500_000;

/** Whether its rows have an order that both ends of a chunk can be written in as text. */
export function hasUsableKey({key, columns}: Table): boolean {
  const types = key.map((name) => columns.find((each) => each.name === name)?.type);
  return types.length > 0 && types.every((type) => type !== undefined && ORDERED.has(type));
}

/** Others compare in another order than they are sorted in, as enum does, or do not survive being written as text. */
const ORDERED = new Set([
  ...['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'year'],
  ...['date', 'datetime', 'timestamp', 'time'],
  ...['char', 'varchar', 'binary', 'varbinary', 'uuid', 'inet4', 'inet6'],
]);

/**
 * Finds the last key of the next `rows` rows of a chunk: literals of SQL, a column each; no row where fewer are left.
 */
export function boundaryQuery({table, after, upTo}: Chunk, rows: number): string {
  const literals = table.key.map((name) => literalOf(columnOf(table, name)));
  const order = table.key.map(identifier).join(', ');
  return `SELECT ${literals.join(', ')} FROM ${target(table)}${within(table, after, upTo)} ORDER BY ${order} LIMIT 1 OFFSET ${rows - 1};`;
}

/** One row: the chunk's number, how many rows it has, and a sum of 60 bits of the hash of each of them. */
export function checksumQuery(family: ServerFamily, number: number, chunk: Chunk): string {
  const {table, after, upTo} = chunk;
  const row = `CONCAT_WS('#', ${table.columns.map(hashedOf).join(', ')}, CONCAT(${table.columns.map(({name}) => `ISNULL(${identifier(name)})`).join(', ')}))`;
  // MySQL 9 has no MD5 without a component.
  const hash = family === 'mariadb' ? `MD5(${row})` : `SHA2(${row}, 256)`;
  return `SELECT 'chunk', ${number}, COUNT(*), COALESCE(SUM(CAST(CONV(LEFT(${hash}, 15), 16, 10) AS UNSIGNED)), 0) FROM ${target(table)}${within(table, after, upTo)};`;
}

function within({key}: Table, after: Chunk['after'], upTo: Chunk['upTo']): string {
  const limits = [after && beyond(key, after), upTo && notBeyond(key, upTo)].filter((each) => each !== undefined);
  return limits.length === 0 ? '' : ` WHERE ${limits.join(' AND ')}`;
}

/** In the order of the key. Written out, as the servers find no range of an index by `(a, b) > (x, y)`. */
function beyond([name = '', ...names]: readonly string[], [value = '', ...values]: readonly string[]): string {
  const column = identifier(name);
  if (names.length === 0) return `${column} > ${value}`;
  return `(${column} >= ${value} AND (${column} > ${value} OR ${beyond(names, values)}))`;
}

function notBeyond([name = '', ...names]: readonly string[], [value = '', ...values]: readonly string[]): string {
  const column = identifier(name);
  if (names.length === 0) return `${column} <= ${value}`;
  return `(${column} <= ${value} AND (${column} < ${value} OR ${notBeyond(names, values)}))`;
}

const target = ({schema, name}: Table) => `${identifier(schema)}.${identifier(name)}`;

function columnOf(table: Table, name: string): Column {
  const found = table.columns.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the key of ${table.name} names no column ${name}`);
  return found;
}

const BINARY = new Set([
  'binary',
  'varbinary',
  'tinyblob',
  'blob',
  'mediumblob',
  'longblob',
  'bit',
  'geometry',
  'point',
]);

function literalOf({name, type}: Column): string {
  const column = identifier(name);
  return BINARY.has(type) ? `CONCAT('X''', HEX(${column}), '''')` : `QUOTE(${column})`;
}

/** The length stands behind what may hold any character, so that text cannot move from one column to the next. */
function hashedOf({name, type}: Column): string {
  const column = identifier(name);
  if (BINARY.has(type) || SPATIAL.test(type)) return `HEX(${column})`;
  if (TEXT.test(type)) return `CONVERT(${column} USING utf8mb4), LENGTH(${column})`;
  return type === 'json' ? `CAST(${column} AS CHAR)` : column;
}

const TEXT = /char|text|enum|set/;
const SPATIAL = /geom|polygon|line|point|vector/;
