import test from 'ava';
import type {Backup} from '../../../src/database/backup/backups.js';
import {planBackup} from '../../../src/database/backup/plan-backup.js';
import {chooseRestore, planRestore, type RestoreRequest} from '../../../src/database/backup/plan-restore.js';
import {Secret} from '../../../src/shell/index.js';
import {type FakeServer, FakeServers, refusalOf, runAll} from '../fake-servers.js';

const ALONE = {source: undefined, io: false, sql: false};
const DOWN = {answers: false, reached: false, alive: false};

const backup = (day: number): Backup => ({
  ...{family: 'mariadb', bytes: 1, size: 5, sha256: '', header: '', host: 'db2', server: '11.8', role: 'replica'},
  ...{file: `backup-${day}`, start: `2026-11-${day}T02:00:00Z`, seconds: 60, gtid: '0-1-1', tables: []},
});

const OPENED = {backup: backup(10), logs: [], identity: new Secret('key'), files: []};

test('a backup is made from a replica, else from the primary', (t) => {
  const title = (fake: FakeServers, name?: string) => planBackup(fake.site(), name).title;
  t.is(title(new FakeServers(3)), 'backup: db2');
  t.is(title(new FakeServers(3).set('db2', {sql: false})), 'backup: db3');
  t.is(title(new FakeServers(2).set('db2', {io: false})), 'backup: db1');
  t.is(title(new FakeServers(3), 'db1'), 'backup: db1');
});

test('a backup needs a server, and a name is one of them', (t) => {
  const refusal = (fake: FakeServers, name?: string) => refusalOf(() => planBackup(fake.site(), name));
  t.is(
    refusal(new FakeServers(1).set('db1', {readOnly: true})),
    'no server replicates, and none takes writes. To back up one all the same, name it: infra db backup HOST',
  );
  t.is(
    refusal(new FakeServers(2), 'db7'),
    'there is no database server named "db7". The database servers are db1, db2.',
  );
  t.is(
    refusal(new FakeServers(2).set('db2', DOWN), 'db2'),
    'db2 cannot be reached. The database servers are db1, db2.',
  );
});

test('the result of a backup is told in words', async (t) => {
  const json = '{"time": "x", "destination": "store", "file": "f.age", "bytes": 12, "seconds": 3}';
  const ask = async () => `5 MiB encrypted\n${json}\n`;
  const [step] = planBackup(new FakeServers(1).site(), 'db1').steps;
  t.is(await step?.run({ask}), 'f.age in store: 12 bytes, 3 s');
});

const choose = (more: Partial<RestoreRequest>) => {
  const backups = [backup(10), backup(20)];
  try {
    return chooseRestore({backups, logs: []}, {to: 'db1', ...more}).backup.file;
  } catch {
    return refusalOf(() => chooseRestore({backups, logs: []}, {to: 'db1', ...more}));
  }
};

test('the newest backup is restored, or the one that is named', (t) => {
  t.is(choose({}), 'backup-20');
  t.is(choose({backup: 'backup-10'}), 'backup-10');
  t.is(choose({backup: 'x'}), 'db1 finds no backup named x. To see what there is: infra db backup --list');
  t.is(
    refusalOf(() => chooseRestore({backups: [], logs: []}, {to: 'db1'})),
    'db1 finds no backup. To see what there is: infra db backup --list',
  );
});

test('a time needs a backup from before it, and logs that reach to it', (t) => {
  t.is(
    choose({until: new Date('2026-11-01T00:00:00Z')}),
    'db1 finds no backup from before 2026-11-01T00:00:00.000Z. To see what there is: infra db backup --list',
  );
  t.is(
    choose({backup: 'backup-20', until: new Date('2026-11-15T00:00:00Z')}),
    'backup-20 ended after 2026-11-15T00:00:00.000Z. Name an older backup, or none.',
  );
  t.is(
    choose({backup: 'backup-20', until: new Date('2026-11-20T02:00:30Z')}),
    'backup-20 ended after 2026-11-20T02:00:30.000Z. Name an older backup, or none.',
    'what was written while it was made is in it',
  );
  t.is(
    choose({until: new Date('2026-11-15T00:00:00Z')}),
    'backup-10 cannot be brought to 2026-11-15T00:00:00.000Z. ' +
      'There are no binary logs that go on from it. Name a time before that, or leave out --until.',
  );
});

const restore = (fake: FakeServers, more: Partial<RestoreRequest> = {}) =>
  planRestore(fake.site(), {to: 'db1', ...more}, OPENED);
const refused = (more: Partial<FakeServer>, request: Partial<RestoreRequest> = {}) =>
  refusalOf(() => restore(new FakeServers(2).set('db1', more), request));

test('one byte and one log are not several', (t) => {
  const log = {...OPENED.backup, chain: 'c', number: 1, from: '', closed: ''};
  const opened = {...OPENED, backup: {...OPENED.backup, size: 1}, logs: [log]};
  const [fetch] = planRestore(new FakeServers(2).site(), {to: 'db1', overwrite: true}, opened).steps;
  t.is(fetch?.text, 'decrypt backup-10 and 1 binary log, 1 byte');
});

test('data is replaced only where it is said, and never makes a second history', (t) => {
  t.is(refused({}), 'db1 holds app. Its data is replaced only if you say so: add --overwrite');
  t.is(
    refused({answers: false}),
    'db1 has a server that does not answer; it may hold data. Its data is replaced only if you say so: add --overwrite',
  );
  t.is(
    refused({}, {to: 'db2', overwrite: true}),
    'db1 takes writes: data restored on db2 would be a second history. ' +
      'Restore on db1, or only try the backup: infra db restore --to db2 --verify',
  );
  t.is(refused({}, {to: 'db7'}), 'there is no database server named "db7". The database servers are db1, db2.');
  t.is(refused(DOWN), 'db1 cannot be reached. The database servers are db1, db2.');
});

test('a restore asks for the name of the server, and says what is lost', (t) => {
  const operation = restore(new FakeServers(2), {overwrite: true});
  t.is(operation.confirmBy, 'db1');
  t.deepEqual(
    operation.notes.map(({note, isWarning}) => `${isWarning}: ${note}`),
    [
      'true: db1 holds app: all of it is replaced.',
      'true: Transactions that the backup lacks, 0-1-2, are in the old data only.',
      'true: db2 cannot go on from the restored data: seed it again afterwards with infra db seed.',
    ],
  );
  t.is(restore(new FakeServers(1).set('db1', {databases: [], log: []})).confirmBy, undefined);
});

test('replicas stop receiving before the restored server takes writes: its transactions have used numbers', (t) => {
  const operation = restore(new FakeServers(2), {overwrite: true});
  const texts = operation.steps.map(({host, text}) => `${host}: ${text}`);
  t.deepEqual(texts, [
    'db1: decrypt backup-10, 5 bytes',
    'db1: make data files of it that a server can open',
    'db2: receive nothing more from db1, also after a restart',
    'db2: note that only a copy makes it a replica again: infra db seed',
    'db1: stop the server, put the restored data in place, start it; the old data is kept aside',
    'db1: open writes',
  ]);
});

test('a replica of a restored primary keeps up to where both are the same, and an older note of that', async (t) => {
  const fake = new FakeServers(3).set('db3', {restored: '0-0-1'});
  const operation = restore(fake, {overwrite: true});
  for (const step of operation.steps.slice(2, 5)) await step.run(fake.hosts);
  t.deepEqual([fake.get('db2').restored, fake.get('db3').restored], ['0-1-1', '0-0-1']);
});

test('to try a backup touches no data and needs no consent', (t) => {
  const operation = restore(new FakeServers(2), {to: 'db2', verify: true});
  t.is(operation.confirmBy, undefined);
  t.deepEqual(operation.notes, []);
  t.false(operation.steps.some(({isFinal}) => isFinal));
});

test('a restore that cannot be installed leaves the old data, and the replicas receive again', async (t) => {
  const fake = new FakeServers(2);
  const done: string[] = [];
  fake.before = (_, text) => {
    const [, verb] = /database-restore (\w+)/.exec(text) ?? [];
    if (verb) done.push(verb);
    if (verb === 'install') throw new Error('no room');
  };
  const error = await t.throwsAsync(runAll(fake, restore(fake, {overwrite: true})));
  t.like(error, {outcome: 'undone'});
  t.deepEqual(done, ['fetch', 'prepare', 'install', 'undo', 'discard']);
  t.deepEqual([fake.get('db2').revoked, fake.get('db2').io, ALONE.io], [false, true, false]);
});
