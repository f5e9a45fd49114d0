import test from 'ava';
import {NOT_NEEDED, type Operation, type OperationStep} from '../../src/database/operation.js';
import {planRejoin} from '../../src/database/rejoin.js';
import {FakeServers, refusalOf, runAll} from './fake-servers.js';

const COPY: OperationStep = {host: 'db1', text: 'copy the data', run: async () => 'copied'};

const plan = (fake: FakeServers, name: string) => planRejoin(fake.site(), name, 'run-1', () => [COPY]);
const refusal = (fake: FakeServers, name: string) => refusalOf(() => plan(fake, name));
const notesOf = ({notes}: Operation) => notes.map(({note, isWarning}) => `${isWarning ? '! ' : ''}${note}`);

/** db2 was promoted; the old primary db1 is back, and follows no server. */
const promoted = (more = {}) =>
  new FakeServers(2, {acks: 1, ...more})
    .set('db1', {readOnly: true, waits: false})
    .set('db2', {readOnly: false, source: undefined, io: false, sql: false});

async function resultsOf(fake: FakeServers, name: string): Promise<string[]> {
  const results: string[] = [];
  const finished = ({text}: OperationStep, _: number, result: string | undefined) =>
    void results.push(`${text}: ${result}`);
  await runAll(fake, plan(fake, name), {started: () => {}, finished, undone: () => {}});
  return results;
}

test('there must be exactly one primary, and the server must be one that can follow it', (t) => {
  t.is(
    refusal(promoted().set('db2', {answers: false}), 'db1'),
    'no server takes writes. Make one the primary first: infra db failover',
  );
  t.is(
    refusal(promoted().set('db1', {readOnly: false}), 'db1'),
    'db1 and db2 all take writes. Set read_only on all but one of them, then: infra db rejoin HOST',
  );
  t.is(refusal(promoted(), 'db2'), 'db2 is the primary. To make another one the primary: infra db switchover');
  t.is(refusal(promoted(), 'db7'), 'there is no database server named "db7". The database servers are db1, db2.');
  t.is(
    refusal(promoted().set('db1', {reached: false}), 'db1'),
    'db1 cannot be reached. Start it, then: infra db rejoin db1',
  );
});

test('of two servers that take writes, the one without replicas can rejoin the other', (t) => {
  const both = new FakeServers(3, {acks: 1})
    .set('db1', {readOnly: false})
    .set('db2', {readOnly: false, source: undefined, io: false, sql: false})
    .set('db3', {source: '192.0.2.2'});
  t.is(plan(both, 'db1').title, 'rejoin: db1 replicates from db2');
  t.is(refusal(both, 'db2')?.startsWith('db1 and db2 all take writes.'), true);
});

test('a server without ghosts keeps its data, and writes wait for it again', async (t) => {
  const fake = promoted();
  fake.write('db2');
  t.deepEqual(notesOf(plan(fake, 'db1')), ['db1 has no transaction that db2 lacks: it keeps its data.']);
  t.deepEqual(await resultsOf(fake, 'db1'), [
    'start the server if it is stopped, read-only: undefined',
    'end writes and disconnect the clients: undefined',
    'compare its transactions with those of db2, and save what it alone has: it alone has none',
    `copy the data: ${NOT_NEEDED}`,
    'replicate from db2: undefined',
    'execute what it has missed, up to now: undefined',
    'have writes wait for replicas again: Writes wait for a replica: none that was acknowledged is lost with the primary alone.',
  ]);
  t.deepEqual([fake.get('db1').source, fake.get('db2').waits], ['192.0.2.2', true]);
});

test('ghosts are saved before anything, and then the data is copied', async (t) => {
  const fake = promoted().set('db1', {log: ['0-1-1', '0-1-2', '0-1-3', '0-1-4']});
  fake.write('db2');
  t.deepEqual(notesOf(plan(fake, 'db1')), [
    '! db1 has 2 transactions that db2 lacks (0-1-3…4). They are saved to /var/lib/infra/database/ghosts-run-1.sql.gz there; then all of its data is replaced by that of db2.',
  ]);
  fake.before = (_, text) => {
    // The copy brings the transactions of the primary.
    if (text.includes('MASTER_GTID_WAIT')) fake.set('db1', {log: [...fake.get('db2').log]});
  };
  const results = await resultsOf(fake, 'db1');
  t.deepEqual(results.slice(2, 5), [
    'compare its transactions with those of db2, and save what it alone has: 2 transactions saved to /var/lib/infra/database/ghosts-run-1.sql.gz (1234 bytes): 0-1-3…4',
    'copy the data: copied',
    `replicate from db2: ${NOT_NEEDED}`,
  ]);
  const saved = fake.asked.findIndex((each) => each.includes('mariadb-binlog'));
  t.regex(fake.asked[saved] ?? '', /--start-position='?0-1-2'? /);
});

test('ghosts that cannot be saved end the rejoin before the data is touched', async (t) => {
  const fake = promoted().set('db1', {log: ['0-1-1', '0-1-2', '0-1-3']});
  fake.write('db2');
  fake.before = (_, text) => {
    if (text.includes('mariadb-binlog')) throw new Error('the log is gone');
  };
  const error = await t.throwsAsync(runAll(fake, plan(fake, 'db1')));
  t.like(error, {outcome: 'undone', step: {host: 'db1'}});
  t.is(fake.get('db1').source, undefined);
});

test('data from before a restore is saved too, from the restored state on, whatever the numbers say', async (t) => {
  // The restored primary has used the numbers 2 to 5 again.
  const fake = promoted()
    .set('db1', {log: ['0-1-1', '0-1-2', '0-1-3'], restored: '0-1-1'})
    .set('db2', {log: ['0-1-1', '0-1-2', '0-1-3', '0-2-4', '0-2-5']});
  t.deepEqual(notesOf(plan(fake, 'db1')), [
    '! db1 has 2 transactions that db2 lacks (0-1-2…3). They are saved to /var/lib/infra/database/ghosts-run-1.sql.gz there; then all of its data is replaced by that of db2.',
  ]);
  fake.before = (_, text) => {
    if (text.includes('MASTER_GTID_WAIT')) fake.set('db1', {log: [...fake.get('db2').log]});
  };
  const results = await resultsOf(fake, 'db1');
  t.regex(results[2] ?? '', /before a restore: it gets a copy; 2 transactions saved to .*: 0-1-2…3$/);
  t.is(results[3], 'copy the data: copied');
});

test('data from before a restore without transactions of its own is replaced all the same', async (t) => {
  const fake = promoted().set('db1', {restored: '0-1-2'});
  t.deepEqual(notesOf(plan(fake, 'db1')), [
    '! The data of db1 is from before a restore: all of it is replaced by that of db2.',
  ]);
  t.is((await resultsOf(fake, 'db1'))[3], 'copy the data: copied');
});

test('what a server has only received is executed and saved before it is attached', async (t) => {
  const fake = new FakeServers(3, {acks: 1})
    .set('db1', {readOnly: true, alive: false, answers: false})
    .set('db2', {readOnly: false, source: undefined, io: false, sql: false})
    .set('db3', {io: false, sql: false, revoked: true, relay: ['0-1-3']});
  const operation = planRejoin(fake.site(), 'db3', 'run-1', () => [{...COPY, host: 'db3'}]);
  const saved: string[] = [];
  fake.before = (host, text) => {
    if (text.includes('mariadb-binlog')) saved.push(...fake.get(host).log);
    if (text.includes('MASTER_GTID_WAIT') && saved.length > 0) fake.set('db3', {log: [...fake.get('db2').log]});
  };
  await runAll(fake, operation);
  t.deepEqual(saved, ['0-1-1', '0-1-2', '0-1-3']);
});

test('what a server has received and cannot execute keeps its data where it is', async (t) => {
  const fake = new FakeServers(3, {acks: 1})
    .set('db1', {readOnly: true, alive: false, answers: false})
    .set('db2', {readOnly: false, source: undefined, io: false, sql: false})
    .set('db3', {io: false, sql: false, revoked: true, relay: ['0-1-3'], stuck: true});
  const error = await t.throwsAsync(
    runAll(
      fake,
      planRejoin(fake.site(), 'db3', 'run-1', () => []),
    ),
  );
  t.like(error?.cause, {
    failure: {message: 'db3 has received transactions that db2 lacks, and does not execute them: Error 1062'},
  });
  t.deepEqual([fake.get('db3').source, fake.get('db3').relay], ['192.0.2.1', ['0-1-3']]);
});

test('what a stopped server holds is told when it is known', (t) => {
  const fake = promoted().set('db1', {answers: false, alive: false});
  t.deepEqual(notesOf(plan(fake, 'db1')), [
    '! What db1 holds is not known yet: if it alone has transactions, they are saved to /var/lib/infra/database/ghosts-run-1.sql.gz there, and the data of db2 is copied to it.',
  ]);
});

test('a replica that replicates is left alone: only writes may have to wait again', async (t) => {
  const idle = plan(new FakeServers(2), 'db2');
  t.deepEqual(notesOf(idle), ['db2 replicates from db1 already.']);
  t.deepEqual(idle.steps, []);
  const fake = new FakeServers(2, {acks: 1}).set('db1', {waits: false});
  t.deepEqual(
    plan(fake, 'db2').steps.map(({text}) => text),
    ['have writes wait for replicas again'],
  );
  await runAll(fake, plan(fake, 'db2'));
  t.true(fake.get('db1').waits);
});

test('what a replica receives while it is compared is not taken for ghosts', async (t) => {
  const fake = new FakeServers(2).set('db2', {sql: false});
  fake.before = (host, text) => {
    if (text.includes('read_only = ON') && host === 'db2') fake.set('db2', {sql: true});
    fake.write('db1');
  };
  const results = await resultsOf(fake, 'db2');
  t.is(results[2], 'compare its transactions with those of db1, and save what it alone has: it alone has none');
});

test('a replica that a failover has ended receives again, also after a restart', async (t) => {
  const fake = new FakeServers(2, {acks: 1}).set('db2', {io: false, revoked: true});
  await runAll(fake, plan(fake, 'db2'));
  t.deepEqual([fake.get('db2').io, fake.get('db2').revoked], [true, false]);
});

test('a journal of an operation that did not end is deleted', async (t) => {
  const journal = '{"operation":"failover","run":"run-0","to":"db1","phase":"promoting"}';
  const fake = promoted().set('db1', {journal});
  await runAll(fake, plan(fake, 'db1'));
  t.is(fake.get('db1').journal, undefined);
});

test('writes wait for no replica while none is connected, and infra says so', async (t) => {
  const fake = promoted({acks: 1});
  fake.after = (_, text) => {
    if (text.includes('MASTER_GTID_WAIT')) fake.set('db1', {io: false});
  };
  const results = await resultsOf(fake, 'db1');
  t.is(results.at(-1), 'have writes wait for replicas again: no replica is connected yet');
});
