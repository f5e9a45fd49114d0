import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {databaseHealth} from '../../../src/roles/index.js';
import {compile, declared, written} from '../compile.js';
import {FOLLOWER, startProgram} from './health-program.js';

/** SHOW REPLICA STATUS, in the words of MariaDB or MySQL. */
const status = (io: string, sql: string, lag: string | null, [replica, source] = ['Slave', 'Master']) => ({
  [`${source}_Host`]: '192.0.2.2',
  [`${replica}_IO_Running`]: io,
  [`${replica}_SQL_Running`]: sql,
  [`Seconds_Behind_${source}`]: lag,
  Gtid_IO_Pos: '0-1-5',
});

const copying = (...args: Parameters<typeof status>) => ({readOnly: true, replica: status(...args)});

test('balancers and the other database servers may ask; the account is made on the primary', (t) => {
  const site = `
lb: {hosts: {lb1: {address: 192.0.2.10}}}
primary: {hosts: {db1: {address: 192.0.2.1}}}
replica: {hosts: {db2: {address: 192.0.2.2}}}
`;
  const groups = [{group: 'lb'}, {group: 'primary'}, {group: 'replica'}];
  t.like(declared(databaseHealth({}), site, 'primary')[0], {ports: [9200], from: groups});
  t.true(compile(databaseHealth({}), site, 'primary').has('mysqlUser database-health'));
  t.false(compile(databaseHealth({}), site, 'replica').has('mysqlUser database-health'));
  const unit = compile(databaseHealth({}), site, 'replica').get('template /etc/systemd/system/database-health.socket');
  t.regex(written(unit).text, /^ListenStream=192\.0\.2\.2:9200$/m);
});

test('a primary takes writes and is not a replica', async (t) => {
  const health = await startProgram(t, 0, {});
  await health.expect(t, '/primary', '200 primary');
  t.is(await health.ask('/replica'), '503 it is the primary');
  t.regex(await health.ask('/state'), /^200 role: primary\nread_only: off\nsource: -\n/);
  t.is(await health.ask('/'), '404 ask for /primary, /replica or /state');
  health.database.replica = status('Yes', 'Yes', '0');
  await health.expect(t, '/primary', '503 it is a replica');
  health.touch('drain');
  t.regex(await health.ask('/primary'), /^503 drained: .*drain exists$/);
});

test('a replica is healthy up to the allowed lag, in the output of both families', async (t) => {
  const health = await startProgram(t, 0, copying('Yes', 'Yes', '30'));
  health.peers.db2 = {...FOLLOWER, role: 'primary', source: '-'};
  await health.expect(t, '/replica', /^200 30 s behind/);
  health.database.replica = status('Yes', 'Yes', '31');
  await health.expect(t, '/replica', /^503 31 s behind/);
  health.database.replica = status('Yes', 'Yes', '2', ['Replica', 'Source']);
  await health.expect(t, '/replica', /^200 2 s behind/);
  health.database.replica = status('Yes', 'No', null);
  await health.expect(t, '/replica', '503 it does not apply the changes of its primary');
});

test('without a primary a replica serves what it has, and says so', async (t) => {
  const health = await startProgram(t, 0, copying('Connecting', 'Yes', null));
  await health.expect(t, '/replica', '200 stale: its primary has not been reached since it started');
  health.database.replica = {...status('Connecting', 'Yes', null), Gtid_IO_Pos: '0-1-9'};
  await health.expect(t, '/replica', '503 it still applies what it received');
  health.peers.db3 = {...FOLLOWER, role: 'primary', source: '-'};
  await health.expect(t, '/replica', '503 it does not replicate, and db3 is the primary');
});

test('a server that does not answer stays what it was, until another one is the primary', async (t) => {
  const health = await startProgram(t, 0, {});
  await health.expect(t, '/primary', '200 primary');
  health.database.isSilent = true;
  await health.expect(t, '/primary', /^200 primary, the server has not answered for \d s$/);
  t.regex(await health.ask('/state'), /^200 role: unknown\n(.*\n)*was: primary\n/);
  health.peers.db2 = {...FOLLOWER, role: 'primary', source: '-'};
  await health.expect(t, '/primary', /^503 the server has not answered for \d s and db2 is the primary$/);
});

test('a server that is down is not the primary, one that refuses logins still is', async (t) => {
  const health = await startProgram(t, 0, {});
  await health.expect(t, '/primary', '200 primary');
  await health.stopServer();
  await health.expect(t, '/primary', /^503 the server is down: /);
  await health.startServer({refuses: [1040, 'Too many connections']});
  await health.expect(t, '/primary', '503 the server has not answered yet: 1040 Too many connections');
  health.database.refuses = undefined;
  await health.expect(t, '/primary', '200 primary');
});

test('a server that has just started opens its writes when all its replicas confirm it', async (t) => {
  const health = await startProgram(t, 0, {readOnly: true});
  health.peers.db2 = FOLLOWER;
  await health.expect(t, '/primary', '503 it is read-only: 1 of 2 replicas confirm it: db3 does not answer');
  health.peers.db3 = {...FOLLOWER, revoked: 'yes'};
  await health.expect(t, '/primary', /db3 has been told not to acknowledge for it$/);
  health.peers.db3 = {...FOLLOWER, executed: '0-2-6'};
  await health.expect(t, '/primary', /db3 has transactions that this server lacks$/);
  health.peers.db3 = {...FOLLOWER, role: 'primary', source: '-'};
  await health.expect(t, '/primary', '503 it is read-only: db3 is the primary');
  t.deepEqual(health.database.changes, []);
  health.peers.db3 = FOLLOWER;
  await health.expect(t, '/primary', '200 primary');
  t.deepEqual(health.database.changes, [
    'SET GLOBAL rpl_semi_sync_master_enabled=@@GLOBAL.rpl_semi_sync_slave_enabled, GLOBAL read_only=OFF',
  ]);
});

test('with acknowledgements, as many replicas as must acknowledge are enough', async (t) => {
  const health = await startProgram(t, 1, {readOnly: true});
  health.peers.db2 = FOLLOWER;
  await health.expect(t, '/primary', '200 primary');
});

test('writes stay closed while the operator holds them, and for a server that was closed while it ran', async (t) => {
  const health = await startProgram(t, 1, {});
  await health.expect(t, '/primary', '200 primary');
  health.database.readOnly = true;
  health.peers.db2 = FOLLOWER;
  await health.expect(t, '/primary', '503 it is read-only: it was made read-only while it ran');
  await sleep(1500);
  t.deepEqual(health.database.changes, []);
});

test('a primary that sees one with more replicas becomes read-only and ends its sessions', async (t) => {
  const health = await startProgram(t, 0, {sessions: ['7', '8']});
  await health.expect(t, '/primary', '200 primary');
  health.peers.db2 = {...FOLLOWER, role: 'primary', source: '-', io: '-'};
  health.peers.db3 = {...FOLLOWER, source: '127.0.0.1', io: 'yes'};
  await health.expect(t, '/primary', '503 it is read-only: db2 takes writes too, and has more replicas');
  await health.told(t, ['SET GLOBAL read_only=ON', 'KILL 7', 'KILL 8']);
});

test('a primary that has replicas stays, and so does the one that was promoted later', async (t) => {
  const health = await startProgram(t, 0, {});
  await health.expect(t, '/primary', '200 primary');
  const other = {...FOLLOWER, role: 'primary', source: '-', io: '-'};
  health.peers.db2 = {...other, promoted: 5};
  health.peers.db3 = {...FOLLOWER, io: 'yes'};
  await sleep(4000);
  t.is(await health.ask('/primary'), '200 primary');
  health.peers.db3 = {...FOLLOWER, io: 'no'};
  await health.expect(t, '/primary', '503 it is read-only: db2 takes writes too, and was promoted later');
});

test('the later of two promotions is the later one also where the clocks of the servers differ', async (t) => {
  const health = await startProgram(t, 0, copying('Yes', 'Yes', '0'));
  const ahead = Math.round(Date.now() / 1000) + 1000;
  health.peers.db2 = {...FOLLOWER, role: 'primary', source: '-', io: '-', promoted: ahead};
  await health.expect(t, '/replica', /^200 0 s behind/);
  await sleep(1500);
  Object.assign(health.database, {readOnly: false, replica: undefined});
  await health.expect(t, '/primary', '200 primary');
  await sleep(4000);
  t.is(await health.ask('/primary'), '200 primary');
  t.regex(await health.ask('/state'), new RegExp(`^promoted: ${ahead + 1}$`, 'm'));
});

test('sessions end when a primary has become a replica', async (t) => {
  const health = await startProgram(t, 0, {sessions: ['7']});
  await health.expect(t, '/primary', '200 primary');
  health.database.readOnly = true;
  await health.expect(t, '/primary', '503 it is read-only: it was made read-only while it ran');
  t.deepEqual(health.database.changes, [], 'a server that was only closed keeps its sessions');
  Object.assign(health.database, copying('Yes', 'Yes', '0'));
  await health.expect(t, '/replica', /^200 0 s behind/);
  await health.told(t, ['KILL 7']);
});

/** The other servers of the program are at this address. */
const SOURCE = '127.0.0.1';
const following = (received: string) => ({
  readOnly: true,
  replica: {...status('Yes', 'Yes', '0'), Master_Host: SOURCE, Gtid_IO_Pos: received},
});
const serving = (more: object) => ({...FOLLOWER, role: 'primary', source: '-', executed: '0-1-9', ...more});

test('a primary says for how many replicas its writes wait, and for none where they may go on without', async (t) => {
  const health = await startProgram(t, 1, {});
  await health.expect(t, '/state', /^waits: no\nacks: 0$/m);
  health.database.waits = true;
  await health.expect(t, '/state', /^waits: yes\nacks: 1$/m);
  health.database.patience = '10000';
  await health.expect(t, '/state', /^waits: yes\nacks: 0$/m);
});

test('a replica knows for how many replicas its source waits once it has all from before, and less at once', async (t) => {
  const health = await startProgram(t, 1, following('0-1-8'));
  health.peers.db2 = serving({acks: 1});
  await sleep(2000);
  t.regex(await health.ask('/state'), /^promise: -$/m, 'what was written before may be on no replica');
  health.database.replica = following('0-1-9').replica;
  await health.expect(t, '/state', /^promise: 1$/m);
  t.is(health.promise(), `${SOURCE} 1`);
  health.peers.db2 = serving({acks: 0});
  await health.expect(t, '/state', /^promise: 0$/m);
  health.peers.db2 = serving({acks: 1, executed: '0-1-12'});
  await sleep(1500);
  t.regex(await health.ask('/state'), /^promise: 0$/m);
  health.database.replica = following('0-1-12').replica;
  await health.expect(t, '/state', /^promise: 1$/m);
});

test('a replica keeps what it knows of a source that is lost, and forgets it with another one', async (t) => {
  const health = await startProgram(t, 1, following('0-1-9'));
  health.peers.db2 = serving({acks: 1});
  await health.expect(t, '/state', /^promise: 1$/m);
  health.peers.db2 = undefined;
  await sleep(4000);
  t.regex(await health.ask('/state'), /^promise: 1$/m);
  health.database.replica = {...health.database.replica, Master_Host: '192.0.2.3'};
  await health.expect(t, '/state', /^promise: -$/m);
  t.is(health.promise(), '192.0.2.3 -');
});

test('a replica that has started again does not know what it has received, nor what its source waited for', async (t) => {
  const health = await startProgram(t, 1, following('0-1-9'));
  health.peers.db2 = serving({acks: 1});
  await health.expect(t, '/state', /^promise: 1$/m);
  health.peers.db2 = undefined;
  await health.stopServer();
  await health.expect(t, '/replica', /^503 the server is down/);
  t.regex(await health.ask('/state'), /^promise: 1$/m);
  await health.startServer(following('0-1-9'));
  await health.expect(t, '/state', /^promise: -$/m);
});

test('a source that does not say what its writes wait for promises nothing', async (t) => {
  const health = await startProgram(t, 1, following('0-1-9'));
  health.peers.db2 = serving({acks: 1});
  await health.expect(t, '/state', /^promise: 1$/m);
  health.peers.db2 = serving({});
  await health.expect(t, '/state', /^promise: -$/m);
});
