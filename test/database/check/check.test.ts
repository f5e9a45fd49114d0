import test from 'ava';
import {checkTables, isEqual} from '../../../src/database/check/check-tables.js';
import {boundaryQuery, checksumQuery, hasUsableKey} from '../../../src/database/check/checksum.js';
import {compareChunks, compareShapes, parseChecksums, rangeOf} from '../../../src/database/check/compare.js';
import {describeDifferences} from '../../../src/database/check/describe.js';
import {LOAD} from '../../../src/database/check/sides.js';
import {parseTables, type Table} from '../../../src/database/check/tables.js';
import type {Command, Reply} from '../../../src/shell/index.js';

const column = (name: string, type: string) => ({name, type, full: type});

const ORDERS: Table = {
  ...{schema: 'app', name: 'orders', rows: 50_000, bytes: 1},
  columns: [column('id', 'bigint'), column('day', 'date'), column('note', 'varchar'), column('raw', 'blob')],
  key: ['day', 'id'],
};

const reply = (stdout: string, code = 0): Reply => ({stdout, stderr: '', code, truncated: false});

test('a part of a table with two columns in its key is written as ranges of an index', (t) => {
  const chunk = {table: ORDERS, after: ["'2026-01-01'", "'5'"], upTo: ["'2026-02-01'", "'9'"]};
  t.is(
    boundaryQuery(chunk, 10),
    "SELECT QUOTE(`day`), QUOTE(`id`) FROM `app`.`orders` WHERE (`day` >= '2026-01-01' AND (`day` > '2026-01-01' OR `id` > '5')) AND (`day` <= '2026-02-01' AND (`day` < '2026-02-01' OR `id` <= '9')) ORDER BY `day`, `id` LIMIT 1 OFFSET 9;",
  );
  t.is(rangeOf(chunk), "(day, id) > ('2026-01-01', '5') and <= ('2026-02-01', '9')");
});

test('every column and whether it is null counts, and the length of text', (t) => {
  const query = checksumQuery('mysql', 3, {table: ORDERS, after: undefined, upTo: undefined});
  t.true(query.startsWith("SELECT 'chunk', 3, COUNT(*)"));
  t.true(query.includes('CONVERT(`note` USING utf8mb4), LENGTH(`note`), HEX(`raw`), CONCAT(ISNULL(`id`)'));
  t.true(query.includes('SHA2('));
  t.true(checksumQuery('mariadb', 3, {table: ORDERS, after: undefined, upTo: undefined}).includes('MD5('));
});

test('a key that is sorted in another order than its text is not used', (t) => {
  t.true(hasUsableKey(ORDERS));
  t.false(hasUsableKey({...ORDERS, key: []}));
  t.false(hasUsableKey({...ORDERS, columns: [column('day', 'enum'), column('id', 'int')]}));
});

test('tables come with columns and keys', (t) => {
  const {family, tables} = parseTables(
    reply('server\t9.7.4\ntable\tapp\tt\t5\t100\ncolumn\tapp\tt\tid\tint\tint unsigned\nkey\tapp\tt\tid\n'),
  );
  t.is(family, 'mysql');
  t.deepEqual(tables, [
    {
      schema: 'app',
      name: 't',
      rows: 5,
      bytes: 100,
      columns: [{name: 'id', type: 'int', full: 'int unsigned'}],
      key: ['id'],
    },
  ]);
});

test('parts that differ and parts without an answer are told apart', (t) => {
  const chunks = [0, 1, 2].map((number) => ({table: ORDERS, after: undefined, upTo: [`'${number}'`, "'0'"]}));
  const own = parseChecksums('chunk\t0\t5\t77\nchunk\t1\t5\t78\nchunk\t2\t5\t79\n');
  const {differences, missing} = compareChunks(chunks, own, parseChecksums('chunk\t0\t5\t77\nchunk\t1\t4\t70\n'));
  t.deepEqual(
    differences.map(({rows}) => rows),
    [{primary: 5, replica: 4}],
  );
  t.deepEqual(missing, chunks.slice(2));
  t.throws(() => parseChecksums('chunk\t0\t5\tNULL\n'));
});

test('a table that is missing or has other columns is a difference', (t) => {
  const other = {...ORDERS, columns: ORDERS.columns.slice(1)};
  t.is(compareShapes([ORDERS], [])[0]?.where, 'the replica does not have it');
  t.is(compareShapes([], [ORDERS])[0]?.where, 'the primary does not have it');
  t.is(compareShapes([ORDERS], [other])[0]?.where, 'its columns or its primary key differ');
  t.deepEqual(compareShapes([ORDERS], [{...ORDERS, rows: 7}]), []);
});

/** A server with one table without a key, whose sum is that of its turn. */
function server(name: string, sums: readonly string[], asked: string[] = []) {
  let turn = 0;
  const ask = async (command: Command) => {
    const text = command.reveal();
    asked.push(text);
    if (text.includes('information_schema.tables'))
      return reply('waited\t0\nserver\t11.8\ntable\tapp\tt\t5\t100\ncolumn\tapp\tt\ta\tint\tint\nat\t0-1-7\n');
    if (text.includes(': >release')) return reply('held\n');
    if (!text.includes('COUNT(*)')) return reply('');
    const sum = sums[Math.min(turn++, sums.length - 1)];
    return reply(`waited\t0\nchunk\t0\t5\t${sum}\nat\t0-1-7\n`);
  };
  return {name, ask};
}

test('a part that differs only because of a write in between is equal', async (t) => {
  const sides = {family: 'mariadb' as const, primary: server('db1', ['7', '8']), replicas: [server('db2', ['8'])]};
  const found = await checkTables(sides, LOAD, () => {});
  t.true(isEqual(found));
  t.deepEqual([found.tables, found.rows, found.chunks], [1, 5, 1]);
});

test('a part that differs while its rows are locked differs', async (t) => {
  const asked: string[] = [];
  const sides = {
    family: 'mariadb' as const,
    primary: server('db1', ['7'], asked),
    replicas: [server('db2', ['7']), server('db3', ['9'])],
  };
  const found = await checkTables(sides, LOAD, () => {});
  t.false(isEqual(found));
  t.deepEqual(describeDifferences(found), ['db3: app.t: all rows (5 rows)']);
  const locked = asked.find((text) => text.includes('START TRANSACTION')) ?? '';
  t.regex(
    locked,
    /SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;/,
    'MariaDB 10.11 has no transaction_isolation',
  );
  t.regex(locked, /grep -m 1 '\^ERROR'/, 'its client prints the statement first');
});

test('a table that was just made is compared when the replica has it', async (t) => {
  const replica = server('db2', ['7']);
  const late = {
    name: 'db2',
    ask: async (command: Command) =>
      /information_schema\.tables/.test(command.reveal()) && !/MASTER_GTID_WAIT/.test(command.reveal())
        ? reply('server\t11.8\n')
        : replica.ask(command),
  };
  const found = await checkTables({family: 'mariadb', primary: server('db1', ['7']), replicas: [late]}, LOAD, () => {});
  t.true(isEqual(found));
  t.is(found.tables, 1);
});

test('the tables of a replica that does not come to the transactions of the primary were not compared', async (t) => {
  const behind = {name: 'db2', ask: async () => reply('waited\t-1\nserver\t11.8\n')};
  const sides = {family: 'mariadb' as const, primary: server('db1', ['7']), replicas: [behind]};
  const found = await checkTables(sides, LOAD, () => {});
  t.false(isEqual(found));
  t.deepEqual(found.notCompared, [
    {table: 'all tables', because: 'db2 does not execute 0-1-7 within 60 s', isUsual: false},
  ]);
});
