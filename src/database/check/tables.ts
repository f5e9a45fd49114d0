import {UnreadableReply} from '../../model/index.js';
import type {Reply} from '../../shell/index.js';
import {parseRows, type ServerFamily, serverOf} from '../../tasks/mysql/client.js';

/** A column as a server describes it. */
export interface Column {
  readonly name: string;
  /** `bigint`, `varchar`, … */
  readonly type: string;
  /** As it was declared, with length and sign. */
  readonly full: string;
}

/** A table of a user, as a server describes it. */
export interface Table {
  readonly schema: string;
  readonly name: string;
  /** An estimate. */
  readonly rows: number;
  /** Bytes of data, an estimate. */
  readonly bytes: number;
  readonly columns: readonly Column[];
  /** The columns of its primary key, in their order; empty where it has none. */
  readonly key: readonly string[];
}

/** Tables of users with their columns and primary keys, a row each. Generated columns follow from the others. */
export const TABLES_QUERY = `SELECT 'server', @@version;
SELECT 'table', table_schema, table_name, COALESCE(table_rows, 0), COALESCE(data_length, 0) FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY 2, 3;
SELECT 'column', table_schema, table_name, column_name, data_type, column_type FROM information_schema.columns
WHERE table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') AND COALESCE(generation_expression, '') = ''
ORDER BY 2, 3, ordinal_position;
SELECT 'key', table_schema, table_name, column_name FROM information_schema.key_column_usage
WHERE constraint_name = 'PRIMARY' AND table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')
ORDER BY 2, 3, ordinal_position;`;

/** The answer to {@link TABLES_QUERY}. Throws `UnreadableReply`. */
export function parseTables(reply: Reply): {readonly family: ServerFamily; readonly tables: readonly Table[]} {
  const {family} = serverOf(reply);
  const rows = parseRows(reply.stdout);
  const of = (tag: string) => byTable(rows.filter(([first]) => first === tag));
  const columns = of('column');
  const keys = of('key');
  const tables = rows.flatMap(([tag, schema, name, count, bytes]): Table[] => {
    if (tag !== 'table' || schema === undefined || name === undefined) return [];
    const id = idOf(schema, name);
    return [
      {
        ...{schema, name, rows: numberOf(count), bytes: numberOf(bytes)},
        columns: (columns.get(id) ?? []).map(([, , , column = '', type = '', full = '']) => ({
          name: column,
          type,
          full,
        })),
        key: (keys.get(id) ?? []).map(([, , , column = '']) => column),
      },
    ];
  });
  return {family, tables};
}

function byTable(rows: readonly string[][]): ReadonlyMap<string, readonly string[][]> {
  const found = new Map<string, string[][]>();
  for (const row of rows) {
    const id = idOf(row[1], row[2]);
    found.set(id, [...(found.get(id) ?? []), row]);
  }
  return found;
}

const idOf = (schema = '', name = '') => JSON.stringify([schema, name]);

function numberOf(text = ''): number {
  if (!/^\d+$/.test(text)) throw new UnreadableReply(`the database answers "${text}" where a number belongs`);
  return Number(text);
}

/** `app.orders` */
export function nameOf({schema, name}: Pick<Table, 'schema' | 'name'>): string {
  return `${schema}.${name}`;
}
