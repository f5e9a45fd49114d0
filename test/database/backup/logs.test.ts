import test from 'ava';
import type {Backup, BinaryLog} from '../../../src/database/backup/backups.js';
import {logsAfter} from '../../../src/database/backup/logs.js';

const STORED = {family: 'mariadb', bytes: 1, size: 1, sha256: '', header: ''} as const;

const backup = (gtid: string): Backup => ({
  ...STORED,
  ...{file: 'database-20261130T023000Z.mbstream.zst.age', host: 'db2', server: '11.8', role: 'replica', gtid},
  ...{start: '2026-11-30T02:30:00Z', seconds: 60, tables: []},
});

/** A chain of logs that begin at these transactions; each is closed an hour after the one before. */
const chain = (host: string, from: readonly string[], first = 1): readonly BinaryLog[] =>
  from.map((each, index) => ({
    ...STORED,
    ...{file: `${host}-${first + index}`, host, chain: 'one', number: first + index, from: each},
    closed: `2026-11-30T0${index + 2}:00:00Z`,
  }));

const names = (found: ReturnType<typeof logsAfter>) => found?.logs.map(({file}) => file);

test('the logs begin with the last one that begins before the end of the backup', (t) => {
  const logs = chain('db2', ['', '0-1-50', '0-1-100', '0-1-150']);
  t.deepEqual(names(logsAfter(backup('0-1-120'), logs, undefined)), ['db2-3', 'db2-4']);
  t.is(logsAfter(backup('0-1-120'), logs, undefined)?.reaches, '2026-11-30T05:00:00Z');
});

test('they end with the first one that was closed after the time', (t) => {
  const logs = chain('db2', ['0-1-100', '0-1-150', '0-1-200', '0-1-250']);
  t.deepEqual(names(logsAfter(backup('0-1-120'), logs, new Date('2026-11-30T03:30:00Z'))), ['db2-1', 'db2-2', 'db2-3']);
});

test('a gap ends a chain, and a chain that begins later does not go on from the backup', (t) => {
  const logs = chain('db2', ['0-1-100', '0-1-150']);
  const gap = [...logs, ...chain('db2', ['0-1-300'], 4)];
  t.deepEqual(names(logsAfter(backup('0-1-120'), gap, undefined)), ['db2-1', 'db2-2']);
  t.is(logsAfter(backup('0-1-90'), logs, undefined), undefined);
});

test('of several servers the one whose logs reach furthest is taken', (t) => {
  const logs = [...chain('db2', ['0-1-100']), ...chain('db3', ['0-1-110', '0-1-150', '0-1-170'])];
  t.deepEqual(names(logsAfter(backup('0-1-120'), logs, undefined)), ['db3-1', 'db3-2', 'db3-3']);
});

test('a server that went another way is left out', (t) => {
  // The backup is of the time after db2 became the primary at 0-1-100; db1 wrote 0-1-101 to 0-1-110 alone.
  const logs = [...chain('db1', ['0-1-90', '0-1-110', '0-1-400']), ...chain('db2', ['0-1-100', '0-1-100,0-2-160'])];
  t.deepEqual(names(logsAfter(backup('0-2-150'), logs, undefined)), ['db2-1', 'db2-2']);
});

test('sets of MySQL are compared exactly', (t) => {
  const id = '5bd49acb-eccc-11f1-95b0-e6dc37a52b8c';
  const mysql = <Each extends Backup | BinaryLog>(each: Each): Each => ({...each, family: 'mysql'});
  const logs = chain('db2', ['', `${id}:1-50`, `${id}:1-130`]).map(mysql);
  t.deepEqual(names(logsAfter(mysql(backup(`${id}:1-120`)), logs, undefined)), ['db2-2', 'db2-3']);
});
