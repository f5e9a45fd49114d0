import test from 'ava';
import {planFailover} from '../../src/database/failover.js';
import type {Operation} from '../../src/database/operation.js';
import {planRejoin} from '../../src/database/rejoin.js';
import {FakeServers, refusalOf, runAll} from './fake-servers.js';

const SAFE = {acceptLoss: false, run: 'run-1'};
const ANYHOW = {acceptLoss: true, run: 'run-1'};

const down = {answers: false, reached: false, alive: false};
const away = {answers: false, reached: false};

const notesOf = ({notes}: Operation) => notes.map(({note, isWarning}) => `${isWarning ? '! ' : ''}${note}`);
const textsOf = ({steps}: Operation) => steps.map(({host, text}) => `${host}: ${text}`);

test('a primary that is up and takes writes is not failed over', (t) => {
  const fake = new FakeServers(2, {acks: 1});
  t.is(
    refusalOf(() => planFailover(fake.site(), ANYHOW)),
    'the primary db1 is up and takes writes. To make another one the primary: infra db switchover',
  );
});

test('nothing is promoted where two servers take writes', (t) => {
  const fake = new FakeServers(3).set('db2', {readOnly: false, source: undefined});
  t.is(
    refusalOf(() => planFailover(fake.site(), ANYHOW)),
    'db1 and db2 all take writes. Compare them: infra db status',
  );
});

test('R = N - k + 1 replicas must answer, or nothing is certain', (t) => {
  const cases: readonly (readonly [replicas: number, acks: number, answering: number, isSafe: boolean])[] = [
    [1, 1, 1, true],
    [2, 1, 2, true],
    [2, 1, 1, false],
    [2, 2, 2, true],
    [2, 2, 1, true],
    [3, 1, 3, true],
    [3, 1, 2, false],
    [3, 2, 2, true],
    [3, 2, 1, false],
  ];
  for (const [replicas, acks, answering, isSafe] of cases) {
    const fake = new FakeServers(replicas + 1, {acks}).set('db1', away);
    for (let index = answering + 2; index <= replicas + 1; index++) fake.set(`db${index}`, away);
    const words = refusalOf(() => planFailover(fake.site(), SAFE));
    t.is(words === undefined, isSafe, `N ${replicas}, k ${acks}, ${answering} answer: ${words}`);
    if (!isSafe)
      t.regex(words ?? '', /not answer: the old primary may still be acknowledging writes\. Start what does/);
  }
});

test('who does not answer is named, and accepting the loss goes on', (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db1', away).set('db3', away);
  t.is(
    refusalOf(() => planFailover(fake.site(), SAFE)),
    '1 of 2 replicas (db3) does not answer: the old primary may still be acknowledging writes. ' +
      'Start what does not answer, or accept the loss of writes: infra db failover --accept-loss',
  );
  t.deepEqual(notesOf(planFailover(fake.site(), ANYHOW)), [
    '! Acknowledged writes may be lost: 1 of 2 replicas (db3) does not answer: the old primary may still be acknowledging writes.',
    '! db2 still receives from db1: it may be up, and out of reach from here alone. Its clients lose it.',
    '! No replica is left to acknowledge writes: one may be lost with the primary until a replica has rejoined.',
    '! db3 is not attached: infra db rejoin db3',
    'Edit the inventory afterwards: db2 into the group of the primary.',
  ]);
});

test('asynchronous and degrading replication lose nothing for certain only by consent', (t) => {
  const asynchronous = new FakeServers(2).set('db1', down);
  t.regex(refusalOf(() => planFailover(asynchronous.site(), SAFE)) ?? '', /replication is asynchronous: writes that/);
  const degrading = new FakeServers(2, {acks: 1, degrades: true}).set('db1', down);
  t.regex(
    refusalOf(() => planFailover(degrading.site(), SAFE)) ?? '',
    /writes go on without replicas after a time-out/,
  );
  t.is(
    refusalOf(() => planFailover(degrading.site(), ANYHOW)),
    undefined,
  );
});

test('without a replica that answers there is nothing to promote', (t) => {
  const fake = new FakeServers(2, {acks: 1}).set('db1', away).set('db2', {databases: [], source: undefined});
  t.is(
    refusalOf(() => planFailover(fake.site(), ANYHOW)),
    'no replica answers. To see why: infra db status',
  );
});

test('a server that is not there, or holds nothing, is not promoted by its name', (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db1', down).set('db3', down);
  const refusal = (to: string) => refusalOf(() => planFailover(fake.site(), {...ANYHOW, to}));
  t.is(refusal('db9'), 'there is no database server named "db9". The database servers are db1, db2, db3.');
  t.is(refusal('db3'), 'db3 does not answer, or holds no data. The database servers are db1, db2, db3.');
});

test('the steps: stop receiving, finish, and only then pass the point of no return', (t) => {
  const operation = planFailover(new FakeServers(3, {acks: 1}).set('db1', away).site(), SAFE);
  t.is(operation.title, 'failover: db1 → db2');
  t.deepEqual(textsOf(operation), [
    'db2: begin the journal of this operation',
    'db2: receive nothing more from the old primary, also after a restart',
    'db3: receive nothing more from the old primary, also after a restart',
    'db2: execute everything that it has received',
    'db2: note in the journal that what follows must be finished',
    'db2: stop replicating: it is a server of its own, still read-only (the point of no return)',
    'db3: replicate from db2',
    'db2: wait until a replica can acknowledge writes',
    'db2: take writes',
    'db2: run the events that the old primary ran',
    'db2: check that the others follow it',
    'db2: note in the journal that it is done',
  ]);
  t.is(
    operation.steps.findIndex(({isFinal}) => isFinal),
    5,
  );
  t.regex(operation.done, /still to do when it is back: infra db rejoin db1$/);
});

test('an old primary that can still be reached is closed and stopped, and if that fails it goes on', async (t) => {
  const fake = new FakeServers(2, {acks: 1}).set('db1', {answers: false});
  const operation = planFailover(fake.site(), SAFE);
  const fence = operation.steps.find(({host}) => host === 'db1');
  t.is(fence?.text, 'end writes, disconnect the clients and stop the server');
  t.true(fence?.mayFail);
  await runAll(fake, operation);
  t.false(fake.get('db1').alive);
});

test('the replica that has received more but executed less is promoted, after it has executed all', async (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db3', {sql: false}).set('db2', {io: false});
  t.true(fake.write('db1'));
  t.deepEqual(fake.get('db3').relay, ['0-1-3']);
  fake.set('db1', down);
  const operation = planFailover(fake.site(), SAFE);
  t.is(operation.title, 'failover: db1 → db3');
  await runAll(fake, operation);
  t.deepEqual([fake.writers, fake.get('db3').log], [['db3'], ['0-1-1', '0-1-2', '0-1-3']]);
});

test('a named replica that lacks what another has received is not promoted, and all is taken back', async (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db2', {io: false});
  fake.write('db1');
  fake.set('db1', down);
  const error = await t.throwsAsync(runAll(fake, planFailover(fake.site(), {...SAFE, to: 'db2'})));
  t.like(error, {outcome: 'undone'});
  t.like(error?.cause, {failure: {message: 'db3 has received what db2 has not: 0-1-3'}});
  t.like(error?.cause, {failure: {hint: 'Promote that one: infra db failover db3'}});
  t.false(fake.get('db3').revoked);
});

test('an old primary with ghosts neither becomes the primary nor blocks the one that is behind it in number', async (t) => {
  const ghosts = ['0-1-1', '0-1-2', '0-1-3', '0-1-4', '0-1-5', '0-1-6', '0-1-7'];
  const fake = new FakeServers(3, {acks: 1})
    .set('db1', {readOnly: true, log: ghosts, waits: false})
    .set('db2', {...down, source: undefined, log: ['0-1-1', '0-1-2', '0-2-3']})
    .set('db3', {source: '192.0.2.2', promise: {source: '192.0.2.2', acks: 1}, log: ['0-1-1', '0-1-2', '0-2-3']});
  const operation = planFailover(fake.site(), SAFE);
  t.is(operation.title, 'failover: db2 → db3');
  t.true(notesOf(operation).includes('! db1 is not attached: infra db rejoin db1'));
  await runAll(fake, operation);
  t.deepEqual([fake.writers, fake.get('db1').source], [['db3'], undefined]);
});

test('a primary that is up and closed opens its writes again, and they wait for the replicas that it has', async (t) => {
  const fake = new FakeServers(2, {acks: 1}).set('db1', {readOnly: true, waits: false});
  const operation = planFailover(fake.site(), SAFE);
  t.is(operation.title, 'failover: db1 takes writes again');
  t.deepEqual(notesOf(operation), [
    'Writes wait for a replica: none that was acknowledged is lost with the primary alone.',
  ]);
  await runAll(fake, operation);
  t.true(fake.get('db1').waits);
  t.deepEqual(fake.writers, ['db1']);
});

test('a closed primary opens only if nothing can have been promoted in its place', (t) => {
  const closed = () => new FakeServers(3, {acks: 1}).set('db1', {readOnly: true, waits: false});
  const missing = closed().set('db3', away);
  t.is(
    refusalOf(() => planFailover(missing.site(), SAFE)),
    'db3 does not answer, and may have been promoted in its place. If you know that it was not: infra db failover db1 --accept-loss',
  );
  t.is(
    refusalOf(() => planFailover(missing.site(), ANYHOW)),
    undefined,
  );
  const ahead = closed().set('db3', {log: ['0-1-1', '0-1-2', '0-3-3']});
  t.is(
    refusalOf(() => planFailover(ahead.site(), ANYHOW)),
    'db3 has transactions that db1 lacks. Promote that one: infra db failover db3',
  );
});

test('a closed primary is passed over for the replica that is named', async (t) => {
  const fake = new FakeServers(2, {acks: 1}).set('db1', {readOnly: true, waits: false});
  await runAll(fake, planFailover(fake.site(), {...SAFE, to: 'db2'}));
  t.deepEqual([fake.writers, fake.get('db1').alive], [['db2'], false]);
});

test('a new server that holds nothing is not attached without the data', (t) => {
  const fake = new FakeServers(3, {acks: 1})
    .set('db1', {readOnly: true, waits: false})
    .set('db3', {databases: [], log: [], source: undefined});
  t.false(textsOf(planFailover(fake.site(), SAFE)).includes('db3: replicate from db1'));
});

test('where the replicas follow none of the inventory, one of them is promoted', (t) => {
  const fake = new FakeServers(2).set('db1', {source: '192.0.2.99', readOnly: true}).set('db2', {source: '192.0.2.99'});
  const operation = planFailover(fake.site(), ANYHOW);
  t.is(operation.title, 'failover: db1 becomes the primary');
  t.is(operation.done, 'db1 is the primary now.');
});

test('a replica that goes on receiving is not counted, and all is taken back', async (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db1', away);
  fake.after = (host, text) => {
    if (host === 'db3' && text.includes('STOP REPLICA IO_THREAD')) fake.set('db3', {io: true});
  };
  const error = await t.throwsAsync(runAll(fake, planFailover(fake.site(), SAFE)));
  t.like(error, {outcome: 'undone'});
  t.like(error?.cause, {failure: {message: 'db3 still receives from the old primary'}});
  t.deepEqual([fake.get('db2').revoked, fake.get('db2').io], [false, true]);
});

test('after a failover the old primary rejoins, and writes wait again', async (t) => {
  const fake = new FakeServers(2, {acks: 1}).set('db1', down);
  await runAll(fake, planFailover(fake.site(), SAFE));
  t.false(fake.get('db2').waits);
  fake.set('db1', {answers: true, reached: true, alive: true, readOnly: true});
  await runAll(
    fake,
    planRejoin(fake.site(), 'db1', 'run-2', () => []),
  );
  t.deepEqual([fake.writers, fake.get('db1').source, fake.get('db2').waits], [['db2'], '192.0.2.2', true]);
});

test('by consent a replica that is ahead is left with data of its own, and the failover ends', async (t) => {
  for (const sql of [true, false]) {
    const fake = new FakeServers(3, {acks: 1}).set('db2', {io: false}).set('db3', {sql});
    fake.write('db1');
    fake.set('db1', away).set('db1', {alive: false});
    const results: (string | undefined)[] = [];
    const finished = (_: unknown, __: number, result: string | undefined) => void results.push(result);
    const operation = planFailover(fake.site(), {...ANYHOW, to: 'db2'});
    await runAll(fake, operation, {started: () => {}, finished, undone: () => {}});
    t.true(results.includes('not attached: it alone has 0-1-3. Then: infra db rejoin db3'), results.join('; '));
    t.deepEqual([fake.writers, fake.get('db2').waits, fake.get('db3').source], [['db2'], false, '192.0.2.1']);
    t.is(fake.get('db2').journal?.includes('"done"'), true);
    // Its transactions are still there, for a rejoin to save.
    t.true([...fake.get('db3').log, ...fake.get('db3').relay].includes('0-1-3'));
  }
});

test('writes of the new primary wait for the replicas that could be attached', async (t) => {
  const fake = new FakeServers(4, {acks: 1}).set('db2', {io: false}).set('db4', {io: false});
  fake.write('db1');
  fake.set('db1', away).set('db1', {alive: false});
  await runAll(fake, planFailover(fake.site(), {...ANYHOW, to: 'db2'}));
  t.deepEqual([fake.writers, fake.get('db2').waits, fake.get('db4').source], [['db2'], true, '192.0.2.2']);
});

test('a replica with data from before a restore is neither promoted nor attached', async (t) => {
  const fake = new FakeServers(3, {acks: 1})
    .set('db1', down)
    .set('db2', {io: false, revoked: true, restored: '0-1-1', log: ['0-1-1', '0-1-2', '0-1-3', '0-1-4']});
  const operation = planFailover(fake.site(), SAFE);
  t.is(operation.title, 'failover: db1 → db3');
  t.true(notesOf(operation).includes('! db2 is not attached: infra db rejoin db2'));
  t.regex(refusalOf(() => planFailover(fake.site(), {...SAFE, to: 'db2'})) ?? '', /^the data of db2 is from before/);
  await runAll(fake, operation);
  t.deepEqual([fake.writers, fake.get('db2').source], [['db3'], '192.0.2.1']);
});

test('where the journal cannot be written at the point of no return, all is taken back', async (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db1', away);
  fake.before = (_, text) => {
    if (text.includes('"promoting"')) throw new Error('No space left on device');
  };
  const error = await t.throwsAsync(runAll(fake, planFailover(fake.site(), SAFE)));
  t.like(error, {outcome: 'undone'});
  t.deepEqual([fake.get('db2').source, fake.get('db2').io, fake.get('db3').io], ['192.0.2.1', true, true]);
  t.is(fake.get('db2').journal, undefined);
});

test('a replica that does not follow in the end is named, and the same command attaches it', async (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db1', away);
  fake.before = (host, text) => {
    if (host === 'db2' && text.includes('"done"')) t.fail('it was not told');
    if (host === 'db2' && /read_only = OFF/.test(text)) fake.set('db3', {source: '192.0.2.1'});
  };
  const error = await t.throwsAsync(runAll(fake, planFailover(fake.site(), SAFE)));
  t.like(error, {outcome: 'unfinished'});
  t.like(error?.cause, {failure: {message: 'db3 does not follow db2'}});
  fake.before = () => {};
  await runAll(fake, planFailover(fake.site(), SAFE));
  t.is(fake.get('db3').source, '192.0.2.2');
});

test('the same command after a kill at its end says that it is done, and then begins again', async (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db1', down);
  await runAll(fake, planFailover(fake.site(), SAFE));
  for (const to of [undefined, 'db2']) {
    const again = planFailover(fake.site(), {...SAFE, to});
    t.is(again.title, 'failover: it is done');
    t.deepEqual(notesOf(again), [
      'Run run-1 has done it, and was ended before it told so. To do it once more, run it again.',
    ]);
  }
  await runAll(fake, planFailover(fake.site(), SAFE));
  t.is(fake.get('db2').journal, undefined);
  t.regex(refusalOf(() => planFailover(fake.site(), SAFE)) ?? '', /^the primary db2 is up and takes writes/);
  t.deepEqual(planFailover(fake.site(), {...SAFE, to: 'db2'}).steps, []);
});

test('the end is forgotten when the user was told', async (t) => {
  const fake = new FakeServers(2, {acks: 1}).set('db1', down);
  const operation = planFailover(fake.site(), SAFE);
  await runAll(fake, operation);
  await operation.forget?.(fake.hosts);
  t.is(fake.get('db2').journal, undefined);
});

const knows = (acks: number, source = '192.0.2.1') => ({promise: {source, acks}});

test('what was in effect counts, and not what the playbook says', (t) => {
  const refusal = (fake: FakeServers) => refusalOf(() => planFailover(fake.set('db1', down).site(), SAFE));
  const three = (acks: number) => new FakeServers(3, {acks});
  const end = 'Start what does not answer, or accept the loss of writes: infra db failover --accept-loss';
  t.is(
    refusal(three(1).set('db2', {promise: undefined}).set('db3', {promise: undefined})),
    `no replica that answers knows whether writes on db1 waited for one: those that it acknowledged last may be missing. ${end}`,
  );
  t.is(
    refusal(three(1).set('db3', knows(0))),
    `writes on db1 did not wait for a replica: those that it acknowledged last may be missing. ${end}`,
  );
  // Two are wanted and one is in effect: both replicas are needed.
  t.regex(refusal(three(2).set('db2', knows(1)).set('db3', away)) ?? '', /^1 of 2 replicas \(db3\) does not answer/);
  t.is(refusal(three(2).set('db3', away)), undefined);
  // What it knows of another server does not count.
  t.regex(refusal(new FakeServers(2, {acks: 1}).set('db2', knows(1, '192.0.2.9'))) ?? '', /^no replica that answers/);
});

test('a plan says from what it is known that nothing is lost, and who does not know it', (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db1', down).set('db3', {promise: undefined, io: false});
  t.deepEqual(notesOf(planFailover(fake.set('db2', {io: false}).site(), SAFE)).slice(0, 2), [
    'No acknowledged write is lost: writes on db1 waited for a replica when db2 heard it last, at 2025-11-30 18:10:01 UTC. Nobody must have switched that off on db1 since.',
    '! db3 did not hear db1 to its end, as after a restart: a write is lost that it alone had received, and had not executed.',
  ]);
});

test('after a failover that left a lone server, one that has half rejoined may lack what was acknowledged', async (t) => {
  const fake = new FakeServers(2, {acks: 1}).set('db1', down);
  await runAll(fake, planFailover(fake.site(), SAFE));
  fake.write('db2');
  fake.set('db1', {answers: true, reached: true, alive: true, readOnly: true});
  const rejoin = planRejoin(fake.site(), 'db1', 'run-2', () => []);
  const attach = rejoin.steps.findIndex(({text}) => text === 'replicate from db2');
  await runAll(fake, {...rejoin, steps: rejoin.steps.slice(0, attach + 1)});
  t.is(fake.get('db1').source, '192.0.2.2');
  fake.set('db1', {io: false});
  t.true(fake.write('db2'), 'acknowledged by nobody else');
  fake.set('db2', down);
  t.regex(refusalOf(() => planFailover(fake.site(), SAFE)) ?? '', /^writes on db2 did not wait for a replica/);
});

/** The primary is up, infra reaches it, and its replicas do not. */
const cutOff = (count: number, acks: number) => {
  const fake = new FakeServers(count, {acks});
  for (let number = 2; number <= count; number++) fake.set(`db${number}`, {io: false});
  return fake;
};

test('a primary that is up and cut off from its replicas is closed and stopped first, and replaced', async (t) => {
  const fake = cutOff(3, 1);
  t.false(fake.write('db1'), 'nobody acknowledges it');
  const operation = planFailover(fake.site(), SAFE);
  t.deepEqual(notesOf(operation).slice(0, 3), [
    'No acknowledged write is lost: writes on db1 wait for a replica.',
    '! db1 takes writes, and too few replicas receive them. It is closed and stopped first.',
    '! db1 has a transaction that db2 lacks (0-1-3). No client was told that they are done. To save them afterwards: infra db rejoin db1',
  ]);
  t.deepEqual(textsOf(operation).slice(0, 4), [
    'db2: begin the journal of this operation',
    'db1: end writes, disconnect the clients and stop the server',
    'db2: receive nothing more from the old primary, also after a restart',
    'db3: receive nothing more from the old primary, also after a restart',
  ]);
  await runAll(fake, operation);
  t.deepEqual([fake.writers, fake.get('db1').alive], [['db2'], false]);
});

test('where its writes wait for nobody, it says how many transactions only the primary has', async (t) => {
  const fake = cutOff(2, 0);
  fake.write('db1');
  fake.write('db1');
  t.is(
    refusalOf(() => planFailover(fake.site(), SAFE)),
    'replication is asynchronous: writes that the old primary acknowledged last may be missing; ' +
      'db1 has 2 transactions that db2 lacks (0-1-3…4). ' +
      'Repair the network between the servers, or accept the loss of writes: infra db failover --accept-loss',
  );
  const results: (string | undefined)[] = [];
  const listener = {
    started: () => {},
    undone: () => {},
    finished: (...[, , result]: unknown[]) => results.push(`${result}`),
  };
  const operation = planFailover(fake.site(), ANYHOW);
  fake.write('db1');
  await runAll(fake, operation, listener);
  t.is(results[1], 'db1 has 3 transactions that db2 lacks (0-1-3…5)');
});

test('semi-synchronous replication that somebody has switched off on a primary that is cut off promises nothing', (t) => {
  const fake = cutOff(2, 1).set('db1', {waits: false});
  t.true(fake.write('db1'));
  t.regex(
    refusalOf(() => planFailover(fake.site(), SAFE)) ?? '',
    /^writes on db1 did not wait for a replica: .* missing; db1 has a transaction that db2 lacks \(0-1-3\)/,
  );
});

test('a primary that is cut off from one of two replicas is for a switchover, unless its writes wait for both', async (t) => {
  const one = new FakeServers(3, {acks: 1}).set('db2', {io: false});
  t.regex(refusalOf(() => planFailover(one.site(), SAFE)) ?? '', /^the primary db1 is up and takes writes/);
  const both = new FakeServers(3, {acks: 2}).set('db2', {io: false});
  both.write('db1');
  const operation = planFailover(both.site(), SAFE);
  t.is(operation.title, 'failover: db1 → db3');
  await runAll(both, operation);
  t.deepEqual(both.writers, ['db3']);
});

test('a primary that is cut off and cannot be closed is not replaced, and takes writes as before', async (t) => {
  const fake = cutOff(2, 1);
  const operation = planFailover(fake.site(), SAFE);
  fake.before = (host, text) => {
    if (host === 'db1' && text.includes('systemctl stop mariadb')) throw new Error('sudo fails');
  };
  const error = await t.throwsAsync(runAll(fake, operation));
  t.like(error, {outcome: 'undone'});
  t.deepEqual([fake.writers, fake.get('db2').source, fake.get('db2').journal], [['db1'], '192.0.2.1', undefined]);
  t.true(fake.get('db1').waits);
});
