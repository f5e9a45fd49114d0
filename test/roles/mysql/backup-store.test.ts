import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdtempSync, readdirSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {databaseBackup} from '../../../src/roles/index.js';
import {compile, written} from '../compile.js';

const SITE = 'db: {hosts: {db1: {address: 192.0.2.1}}}\n';
const DIRECTORY = '/var/backups/infra-database';

/** The program that keeps backups, in a directory of this test. */
function makeStore(keep = {daily: 3, weekly: 2, monthly: 2}) {
  const directory = mkdtempSync(join(tmpdir(), 'infra-store-'));
  const role = databaseBackup({recipients: [`age1${'q'.repeat(58)}`], keep});
  const task = compile(role, SITE, 'db').get(
    'template /usr/local/sbin/database-backup-store-var-backups-infra-database',
  );
  const program = written(task).text.replaceAll(DIRECTORY, directory);
  const run = (words: readonly string[], input = '', env = {}) => {
    const {status, stdout, stderr} = spawnSync('sh', ['-c', program, 'store', ...words], {
      ...{input, encoding: 'utf8'},
      env: {PATH: process.env.PATH, ...env},
    });
    return {status, stdout, stderr};
  };
  const remote = (command: string, input = '') => run(['remote'], input, {SSH_ORIGINAL_COMMAND: command});
  return {directory, run, remote};
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

const stampOf = (time: Date) => time.toISOString().replace(/[-:]|\.\d+/g, '');
const nameAt = (time: Date, kind = 'mbstream') => `database-${stampOf(time)}.${kind}.zst.age`;
const daysAgo = (days: number, hours = 0) => new Date(Date.now() - (days * 24 + hours) * 3_600_000);

/** As if it had been committed at its time. */
function keepAt(directory: string, times: readonly Date[]): readonly string[] {
  return times.map((time) => {
    const name = nameAt(time);
    for (const file of [name, `${name}.json`]) writeFileSync(join(directory, file), '{}');
    return name;
  });
}

test('a backup counts when it has arrived whole', (t) => {
  const {directory, run, remote} = makeStore();
  const name = nameAt(new Date());
  t.is(remote(`put ${name}`, 'encrypted').status, 0);
  t.is(run(['list', 'backups']).stdout, '', 'nothing says that it is complete');
  t.is(remote(`commit ${name} 9 ${digest('encrypted')}`, '{"a": 1}\n').status, 0);
  t.is(remote('list backups').stdout, `9 ${name} {"a": 1}\n`);
  t.is(remote(`get ${name}`).stdout, 'encrypted');
  t.deepEqual(readdirSync(directory).sort(), [name, `${name}.json`]);
});

test('a half or a damaged one is deleted, and older ones stay', (t) => {
  const {directory, remote} = makeStore();
  const [old] = keepAt(directory, [daysAgo(1)]);
  const name = nameAt(new Date());
  remote(`put ${name}`, 'half');
  t.regex(remote(`commit ${name} 9 ${digest('encrypted')}`, '{}').stderr, /is incomplete/);
  remote(`put ${name}`, 'encrypteX');
  t.regex(remote(`commit ${name} 9 ${digest('encrypted')}`, '{}').stderr, /arrived damaged/);
  t.regex(remote(`commit ${name} 9 ${digest('encrypted')}`, '{}').stderr, /was not sent/);
  t.deepEqual(readdirSync(directory).sort(), [old, `${old}.json`]);
});

test('nobody can overwrite or delete a backup over SSH', (t) => {
  const {directory, remote} = makeStore();
  const [name = ''] = keepAt(directory, [daysAgo(0, 1)]);
  t.regex(remote(`put ${name}`, 'other').stderr, /exists already/);
  for (const command of [
    'retain',
    `rm ${name}`,
    'sh',
    '',
    `put ../${name}`,
    `put ${name}/x`,
    'get /etc/passwd',
    'put -x',
  ]) {
    t.not(remote(command).status, 0, command);
  }
  t.is(remote(`put ${nameAt(new Date())};touch ${directory}/owned`).status, 1);
  t.is(remote(`put $(touch ${directory}/owned)`).status, 1);
  t.false(existsSync(join(directory, 'owned')));
  t.is(remote(`get ${name}`).stdout, '{}');
});

test('a backup with a date of another time is refused: it could displace others', (t) => {
  const {remote} = makeStore();
  t.regex(remote(`put ${nameAt(daysAgo(40))}`).stderr, /has a wrong date/);
  t.regex(remote(`put ${nameAt(daysAgo(-2))}`).stderr, /has a wrong date/);
});

test('the first of each day, week and month is kept, and all of the last two days', (t) => {
  const {directory, run} = makeStore({daily: 3, weekly: 1, monthly: 1});
  // Each day at 12 and 13 hours before now, so that both are on the same day or the order is the same.
  const recent = keepAt(directory, [daysAgo(1, 2), daysAgo(1, 1), daysAgo(0, 2), daysAgo(0, 1)]);
  const old = keepAt(directory, [new Date('2020-03-02T02:00:00Z'), new Date('2020-03-02T03:00:00Z')]);
  t.is(run(['retain']).status, 0);
  const left = readdirSync(directory).filter((name) => !name.endsWith('.json'));
  t.true(recent.every((name) => left.includes(name)));
  t.false(left.includes(old[1] ?? ''), 'the second of that day');
});

test('slots are filled by the last days that have a backup, and a later one displaces none', (t) => {
  const {directory, run} = makeStore({daily: 2, weekly: 1, monthly: 1});
  const times = ['2020-03-01', '2020-03-04', '2020-03-05', '2020-03-06'].flatMap((day) => [
    new Date(`${day}T02:00:00Z`),
    new Date(`${day}T12:00:00Z`),
  ]);
  keepAt(directory, times);
  run(['retain']);
  t.deepEqual(
    readdirSync(directory)
      .filter((name) => !name.endsWith('.json'))
      .sort(),
    [
      'database-20200301T020000Z.mbstream.zst.age', // the month
      'database-20200304T020000Z.mbstream.zst.age', // the week: from Monday, 2 March
      'database-20200305T020000Z.mbstream.zst.age',
      'database-20200306T020000Z.mbstream.zst.age',
      'database-20200306T120000Z.mbstream.zst.age', // the newest
    ],
  );
});

test('the last backup is never deleted, however old it is', (t) => {
  const {directory, run} = makeStore({daily: 1, weekly: 1, monthly: 1});
  const [name = ''] = keepAt(directory, [new Date('2020-03-02T02:00:00Z')]);
  run(['retain']);
  t.true(existsSync(join(directory, name)));
});

test('what has no manifest does not count as a backup: it displaces none', (t) => {
  const {directory, run} = makeStore({daily: 1, weekly: 1, monthly: 1});
  const [name = ''] = keepAt(directory, [new Date('2020-03-02T02:00:00Z')]);
  writeFileSync(join(directory, 'database-20200401T020000Z.mbstream.zst.age'), 'half');
  run(['retain']);
  t.true(existsSync(join(directory, name)));
});

test('logs are kept for as many days as daily backups, and all since the newest backup', (t) => {
  const {directory, run} = makeStore({daily: 3, weekly: 1, monthly: 1});
  keepAt(directory, [daysAgo(1)]);
  const logs = [daysAgo(5), daysAgo(2), daysAgo(0, 1)].map((time, index) => {
    const name = `database-${stampOf(time)}-db1-00000${index}.binlog.zst.age`;
    for (const file of [name, `${name}.json`]) writeFileSync(join(directory, file), '{}');
    return name;
  });
  run(['retain']);
  t.deepEqual(
    logs.map((name) => existsSync(join(directory, name))),
    [false, true, true],
  );
});

test('what a killed upload has left is deleted after an hour', (t) => {
  const {directory, run} = makeStore();
  keepAt(directory, [daysAgo(1)]);
  const part = join(directory, '.part.database-20200301T020000Z.mbstream.zst.age');
  writeFileSync(part, 'half');
  utimesSync(part, daysAgo(2), daysAgo(2));
  run(['retain']);
  t.false(existsSync(part));
});
