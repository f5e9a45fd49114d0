import {setTimeout as sleep} from 'node:timers/promises';
import test from 'ava';
import {databaseFailover} from '../../../src/roles/index.js';
import {compile, written} from '../compile.js';
import {lose, OPTIONS, SITE, startFailover} from './failover-program.js';

const PROMOTED = ['STOP REPLICA IO_THREAD', 'STOP REPLICA', 'RESET REPLICA ALL'];
const OPENED = ['SET GLOBAL rpl_semi_sync_master_enabled=ON', 'SET GLOBAL read_only=OFF'];
const FOLLOWS = [
  'STOP REPLICA IO_THREAD',
  'STOP REPLICA',
  "CHANGE MASTER TO MASTER_HOST='127.0.0.3', MASTER_PORT=1, MASTER_USE_GTID=slave_pos",
  'START REPLICA',
];

test('the primary gets the account, balancers the service, replicas nothing', (t) => {
  const role = databaseFailover({...OPTIONS, authority: {certificate: 'x'}});
  t.deepEqual([...compile(role, SITE, 'primary').keys()], ['mysqlUser database-failover']);
  t.deepEqual([...compile(role, SITE, 'replica').keys()], []);
  const tasks = compile(role, SITE, 'lb');
  t.true(tasks.has('service database-failover'));
  t.regex(written(tasks.get('template /etc/database-failover/client.cnf')).text, /^ssl-verify-server-cert$/m);
});

test('it is refused where nobody could decide, and where acknowledged writes could be lost', (t) => {
  const two = SITE.replace(', db3: {address: 192.0.2.3}', '');
  t.throws(() => compile(databaseFailover(OPTIONS), two, 'lb'), {message: /there are 2 database servers/});
  const {password} = OPTIONS;
  const degrading = {password, semiSync: {onReplicaLoss: 'degrade'}} as const;
  t.throws(() => compile(databaseFailover({password}), SITE, 'lb'), {message: /replication is asynchronous/});
  t.throws(() => compile(databaseFailover(degrading), SITE, 'lb'), {message: /writes go on without replicas/});
  t.notThrows(() => compile(databaseFailover({password, acceptLoss: true}), SITE, 'lb'));
});

test('a lost primary is replaced: revoke, follow, detach, open', async (t) => {
  const program = await startFailover(t);
  const [, db2, db3] = program.servers;
  await program.watches(t);
  lose(program);
  await program.logged(
    t,
    /^failover from db1 to db2 in .* db2 takes writes; its replicas: db3\. Still to do: infra db rejoin db1$/,
  );
  t.deepEqual(db2.changes, [...PROMOTED, ...OPENED]);
  t.deepEqual(db3.changes, FOLLOWS);
  t.like(program.record(), {phase: 'done', from: 'db1', to: 'db2'});
  t.is(db2.lock, undefined);
});

test('the replica that has received more is promoted, after it has executed it', async (t) => {
  const program = await startFailover(t);
  const [, db2, db3] = program.servers;
  await program.watches(t);
  db3.received = '0-1-9';
  lose(program);
  await program.logged(t, /^db3 has everything that was received$/);
  await sleep(700);
  t.deepEqual(db3.changes, ['STOP REPLICA IO_THREAD']);
  db3.executed = '0-1-9';
  await program.logged(t, /^failover from db1 to db3 /);
  t.false(db2.readOnly === false);
});

test('nothing is done while a replica is connected, and while one does not answer', async (t) => {
  const program = await startFailover(t);
  const [, db2, db3] = program.servers;
  await program.watches(t);
  lose(program);
  db3.io = 'Yes';
  await program.logged(t, /nothing is done: db3 is still connected to db1$/);
  db3.isDown = true;
  await program.logged(t, /nothing is done: 1 of 2 replicas answer: db1 may still be acknowledging writes$/);
  t.deepEqual([...db2.changes, ...db3.changes], []);
});

for (const [says, why] of [
  [{hold: 'yes'}, /\/etc\/mysql\/hold exists on db2$/],
  [{revoked: 'yes'}, /db2 has been revoked: infra db failover may be running$/],
  [{role: 'unconfirmed'}, /db2 is unconfirmed: attach it with infra db rejoin db2, if nobody is promoting it$/],
] as const) {
  test(`nothing is done for a replica that says ${JSON.stringify(says)}`, async (t) => {
    const program = await startFailover(t);
    const [, db2, db3] = program.servers;
    await program.watches(t);
    lose(program);
    db2.says = says;
    await program.logged(t, why);
    t.deepEqual([...db2.changes, ...db3.changes], []);
  });
}

test('nothing is done within an hour after a promotion, or when writes of the primary did not wait', async (t) => {
  const program = await startFailover(t);
  const [db1, db2] = program.servers;
  db1.says = {acks: 0};
  await program.watches(t);
  lose(program);
  await program.logged(t, /writes on db1 did not wait for a replica: some may be lost$/);
  db1.says = {since: 5000, promoted: 4000};
  db1.isDown = false;
  await program.watches(t);
  db1.isDown = true;
  await program.logged(t, /db1 was promoted at 20[-\d]+ [:\d]+ UTC, and failovers are 3600 s apart$/);
  t.deepEqual(db2.changes, []);
});

test('one without the lock of a majority does nothing', async (t) => {
  const program = await startFailover(t);
  const [, db2, db3] = program.servers;
  db3.lock = 'test';
  await program.watches(t);
  lose(program);
  await program.logged(t, /nothing is promoted: holds the locks of 1 servers, and 2 are needed/);
  t.deepEqual([...db2.changes, ...db3.changes], []);
});

test('a server whose writes would go on without a replica is not promoted', async (t) => {
  const program = await startFailover(t);
  program.servers[2].patience = '10000';
  await program.watches(t);
  lose(program);
  await program.logged(t, /writes go on without a replica on db3: some may be lost$/);
  t.deepEqual(program.servers[2].changes, []);
});

test('a primary that is back before the point of no return gets its replicas again', async (t) => {
  const program = await startFailover(t);
  const [db1, db2, db3] = program.servers;
  db2.received = '0-1-9';
  await program.watches(t);
  lose(program);
  await program.logged(t, /^db2 has everything that was received$/);
  db1.isDown = false;
  await program.logged(t, /^what stopped receiving from db1 receives again/);
  t.deepEqual(db2.changes, ['STOP REPLICA IO_THREAD', 'START REPLICA']);
  t.deepEqual(db3.changes, ['STOP REPLICA IO_THREAD', 'START REPLICA']);
  t.is(program.record().phase, 'undone');
});

test('a replica whose session ends after it was revoked does not count', async (t) => {
  const program = await startFailover(t);
  const [, db2, db3] = program.servers;
  db3.refuses = 'CHANGE MASTER';
  await program.watches(t);
  lose(program);
  await program.logged(t, /the promotion of db2 has not ended: 1 of 2 replicas are kept from db1$/);
  t.is(db2.source, '127.0.0.2');
  db3.refuses = undefined;
  await program.logged(t, /^failover from db1 to db2 /);
});

test('what was begun before the program was killed is finished', async (t) => {
  const program = await startFailover(t);
  const [, db2] = program.servers;
  await program.watches(t);
  db2.before = (statement) => {
    if (!statement.startsWith('SET GLOBAL rpl_semi')) return;
    program.kill();
    db2.before = () => {};
  };
  lose(program);
  for (let tries = 0; tries < 100 && !db2.changes.includes('RESET REPLICA ALL'); tries++) await sleep(100);
  await sleep(500);
  t.true(db2.readOnly);
  program.start();
  await program.logged(t, /^goes on with the promotion of db2$/);
  await program.logged(t, /^failover from db1 to db2 /);
  t.false(db2.readOnly);
});

test('where the loss of writes is accepted, one replica is enough, if a majority can be locked', async (t) => {
  const program = await startFailover(t, {semiSync: undefined, acceptLoss: true});
  const [db1, db2, db3] = program.servers;
  db1.says = {acks: 0};
  db3.patience = '10000';
  await program.watches(t);
  lose(program);
  await program.logged(t, /^failover from db1 to db2 /);
  t.deepEqual(db2.changes, [...PROMOTED, 'SET GLOBAL read_only=OFF']);
  t.is(db3.source, '127.0.0.3');
});

test('what the replicas know of the lost primary counts, whatever the playbook says', async (t) => {
  const program = await startFailover(t, {semiSync: {acks: 2, onReplicaLoss: 'stop'}, family: 'mysql'});
  const [, db2, db3] = program.servers;
  for (const each of [db2, db3]) each.says = {promise: '-'};
  await program.watches(t);
  lose(program);
  await program.logged(t, /nothing is done: it is not known whether writes on db1 waited for a replica: some may be/);
  db3.says = {promise: 0};
  await program.logged(t, /nothing is done: writes on db1 did not wait for a replica: some may be lost$/);
  db3.isDown = true;
  // Two are wanted and one is in effect: then both replicas are needed, and not one.
  db2.says = {promise: 1};
  await program.logged(t, /nothing is done: 1 of 2 replicas answer: db1 may still be acknowledging writes$/);
  t.deepEqual([...db2.changes, ...db3.changes], []);
});
