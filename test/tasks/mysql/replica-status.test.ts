import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {UnreadableReply} from '../../../src/model/index.js';
import {Secret} from '../../../src/shell/index.js';
import {
  digestOf,
  parseReplica,
  type Replication,
  type Running,
  replicaProbe,
} from '../../../src/tasks/mysql/replica-status.js';
import {clientHost} from './client-host.js';

type Columns = Readonly<Record<string, string>>;

const rowOf = (columns: Columns) =>
  `*************************** 1. row ***************************\n${Object.entries(columns)
    .map(([name, value]) => `${name.padStart(20)}: ${value}\n`)
    .join('')}`;

const parse = (stdout: string) => parseReplica({code: 0, stdout, stderr: '', truncated: false});

const MARIADB: Columns = {server: '11.8.6-MariaDB', self: '7', applied: '', written: '', user_databases: 'NULL'};
const MYSQL: Columns = {
  ...{server: '9.7.4', self: '3e11fa47-0000-11f0-0000-000000000001', applied: '', password: 'ab'.repeat(32)},
  ...{worker_error: 'NULL', user_databases: 'NULL'},
};

const MASTER: Columns = {
  ...{Master_Host: '192.0.2.1', Master_User: 'replicator', Master_Port: '3306'},
  ...{Slave_IO_Running: 'Yes', Slave_SQL_Running: 'Yes', Using_Gtid: 'Slave_Pos'},
  ...{Master_SSL_Allowed: 'No', Last_IO_Errno: '0', Last_IO_Error: '', Last_SQL_Errno: '0', Last_SQL_Error: ''},
};

const SOURCE: Columns = {
  ...{Source_Host: '192.0.2.1', Source_User: 'replicator', Source_Port: '3307'},
  ...{Replica_IO_Running: 'Yes', Replica_SQL_Running: 'Yes', Auto_Position: '1', Channel_Name: ''},
  ...{Source_SSL_Allowed: 'Yes', Source_SSL_CA_File: '/etc/ca.pem', Source_SSL_Verify_Server_Cert: 'Yes'},
  ...{Last_IO_Errno: '0', Last_IO_Error: '', Last_SQL_Errno: '0', Last_SQL_Error: ''},
};

test('both families report the same, each in its own words', (t) => {
  const onMariadb = parse(`password: ${'cd'.repeat(32)}  -\n${rowOf(MARIADB)}${rowOf(MASTER)}`).replication;
  const onMysql = parse(`${rowOf(MYSQL)}${rowOf(SOURCE)}`).replication;
  const common: Omit<Replication, 'port' | 'tls' | 'authority' | 'passwordDigest'> = {
    source: '192.0.2.1',
    user: 'replicator',
    gtid: true,
    ioRunning: 'yes',
    sqlRunning: 'yes',
    error: 'none',
  };
  t.deepEqual(onMariadb, {...common, port: 3306, tls: 'off', authority: '', passwordDigest: 'cd'.repeat(32)});
  t.deepEqual(onMysql, {
    ...common,
    port: 3307,
    tls: 'verified',
    authority: '/etc/ca.pem',
    passwordDigest: 'ab'.repeat(32),
  });
});

const replication = (columns: Columns, own: Columns = {}) =>
  parse(`${rowOf({...MYSQL, ...own})}${rowOf({...SOURCE, ...columns})}`).replication;

test('positions that are not found by GTID are seen', (t) => {
  t.false(replication({Auto_Position: '0'})?.gtid);
  for (const mode of ['No', 'Current_Pos'])
    t.false(parse(`${rowOf(MARIADB)}${rowOf({...MASTER, Using_Gtid: mode})}`).replication?.gtid, mode);
});

test('TLS that does not check the certificate is not verified', (t) => {
  t.is(replication({Source_SSL_Verify_Server_Cert: 'No'})?.tls, 'unverified');
  t.is(replication({Source_SSL_Allowed: 'No'})?.tls, 'off');
  t.is(replication({Source_SSL_Allowed: 'Ignored'})?.tls, 'off');
});

const WORDS: readonly [string, Running, Running][] = [
  ['Yes', 'yes', 'yes'],
  ['No', 'no', 'no'],
  ['Connecting', 'connecting', 'no'],
  ['Preparing', 'connecting', 'no'],
];

for (const [word, io, sql] of WORDS)
  test(`a thread that says ${word}`, (t) => {
    t.is(replication({Replica_IO_Running: word})?.ioRunning, io);
    t.is(replication({Replica_SQL_Running: word})?.sqlRunning, sql);
  });

test('errors are shown with their number, those of both threads, in more lines than one', (t) => {
  t.is(replication({Last_IO_Errno: '1045', Last_IO_Error: 'Access denied'})?.error, '1045 Access denied');
  const both = {Last_IO_Errno: '2003', Last_IO_Error: 'no\nroute', Last_SQL_Errno: '1062', Last_SQL_Error: 'Duplicate'};
  t.is(replication(both)?.error, '1062 Duplicate; 2003 no\nroute');
});

test("MySQL's worker says why its thread failed", (t) => {
  const failed = {Last_SQL_Errno: '1396', Last_SQL_Error: 'Coordinator stopped because there were errors'};
  t.is(replication(failed, {worker_error: 'CREATE USER failed'})?.error, '1396 CREATE USER failed');
  t.is(replication(failed)?.error, '1396 Coordinator stopped because there were errors');
  t.is(replication({}, {worker_error: 'from an earlier time'})?.error, 'none');
});

test('a text that looks like a column does not take the place of one', (t) => {
  const error = 'failed\nReplica_IO_Running: No\nLast_SQL_Errno: 7';
  const found = replication({Last_IO_Errno: '1', Last_IO_Error: error});
  t.is(found?.ioRunning, 'yes');
});

test('only the channel without a name is meant', (t) => {
  const other = {...SOURCE, Channel_Name: 'backup', Source_Host: '192.0.2.9'};
  t.is(parse(`${rowOf(MYSQL)}${rowOf(other)}`).replication, undefined);
  t.is(
    parse(`${rowOf(MYSQL)}${rowOf(other)}${rowOf(SOURCE).replace(' 1. ', ' 2. ')}`).replication?.source,
    '192.0.2.1',
  );
});

test('a server that says too little about its replication is not read', (t) => {
  const unreadable = (message: string) => ({instanceOf: UnreadableReply, message});
  for (const port of ['', '123456', '-1', '3306 '])
    t.throws(() => replication({Source_Port: port}), unreadable(`the server names the port "${port}" of its primary`));
  const {Replica_SQL_Running: _, ...rest} = SOURCE;
  t.throws(
    () => parse(`${rowOf(MYSQL)}${rowOf(rest)}`),
    unreadable('the server does not say whether replication runs'),
  );
  t.throws(() => parse('no client\n'), unreadable('neither MariaDB nor MySQL is installed'));
});

const OWN: readonly [string, Columns, {transactions: boolean; applied: boolean; written: boolean}][] = [
  ['a new MariaDB', MARIADB, {transactions: false, applied: false, written: false}],
  ['a MariaDB that wrote', {...MARIADB, written: '0-7-12'}, {transactions: true, applied: false, written: true}],
  [
    'a MariaDB that applied',
    {...MARIADB, applied: '0-3-9', written: '0-3-9'},
    {transactions: true, applied: true, written: false},
  ],
  [
    'a MariaDB that did both',
    {...MARIADB, applied: '0-3-9', written: '0-3-9,0-7-10'},
    {transactions: true, applied: true, written: true},
  ],
  [
    'a MariaDB whose number begins another',
    {...MARIADB, written: '0-77-7'},
    {transactions: true, applied: false, written: false},
  ],
  ['a new MySQL', MYSQL, {transactions: false, applied: false, written: false}],
  [
    'a MySQL that applied',
    {...MYSQL, applied: 'aaaa0000-0000-11f0-0000-000000000002:1-9'},
    {transactions: true, applied: true, written: false},
  ],
  ['a MySQL that wrote', {...MYSQL, applied: `${MYSQL.self}:1-3`}, {transactions: true, applied: true, written: true}],
];

for (const [what, columns, {transactions, applied, written}] of OWN)
  test(`what transactions it holds: ${what}`, (t) => {
    const {hasTransactions, hasApplied, hasWritten, replication: found} = parse(rowOf(columns));
    t.deepEqual([hasTransactions, hasApplied, hasWritten, found], [transactions, applied, written, undefined]);
  });

test('databases are listed, and NULL stands for none', (t) => {
  t.deepEqual(parse(rowOf({...MYSQL, user_databases: 'blog shop'})).databases, ['blog', 'shop']);
  t.deepEqual(parse(rowOf(MYSQL)).databases, []);
});

test('a connecting thread is asked again, 12 times at most', (t) => {
  const answer = (after: number) => `cat >/dev/null; echo x >>asked; if [ "$(grep -c x asked)" -gt ${after} ]; then
echo '  Slave_IO_Running: Yes'; else echo '  Slave_IO_Running: Connecting'; fi`;
  const asked = (after: number) => clientHost(t, {mariadb: answer(after)}).run(replicaProbe()).stdout;
  t.is(asked(0), '  Slave_IO_Running: Yes\n');
  t.is(asked(12), '  Slave_IO_Running: Yes\n');
  t.is(asked(13), '  Slave_IO_Running: Connecting\n');
});

test('the probe ends with the error of the client', (t) => {
  const {code, stderr} = clientHost(t, {mariadb: 'cat >/dev/null; echo "ERROR 2002" >&2; exit 1'}).run(replicaProbe());
  t.deepEqual([code, stderr], [1, 'ERROR 2002\n']);
});

for (const clear of ['correct-horse', "it's a \\ secret", 'ß€😀'])
  test(`a password that MariaDB stores is compared by its digest, and stays on the host: ${clear}`, (t) => {
    const host = clientHost(t, {mariadb: `cat >/dev/null; cat answer`});
    const data = join(host.directory, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'master.info'), `33\nlog\n4\n192.0.2.1\nreplicator\n${clear}\n3306\n`);
    writeFileSync(join(host.directory, 'answer'), `${rowOf({...MARIADB, datadir: data})}${rowOf(MASTER)}`);
    const reply = host.run(replicaProbe());
    t.is(parseReplica(reply).replication?.passwordDigest, digestOf(new Secret(clear)));
    t.false(reply.stdout.includes(clear));
  });
