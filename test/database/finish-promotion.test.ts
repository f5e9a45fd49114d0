import test from 'ava';
import {planFailover} from '../../src/database/failover.js';
import type {Operation} from '../../src/database/operation.js';
import {planSwitchover} from '../../src/database/switchover.js';
import {type FakeServer, FakeServers, refusalOf, runAll} from './fake-servers.js';

const journal = (operation: 'switchover' | 'failover', phase = 'promoting') =>
  JSON.stringify({operation, run: 'run-0', to: 'db2', phase});

const DETACHED = {source: undefined, io: false, sql: false};

/** A switchover to db2 was ended after its point of no return. */
const half = (count = 2, more: Partial<FakeServer> = {}) =>
  new FakeServers(count, {acks: 1})
    .set('db1', {readOnly: true, waits: false})
    .set('db2', {...DETACHED, journal: journal('switchover'), ...more});

const plans = {
  switchover: (fake: FakeServers) => planSwitchover(fake.site(), undefined, 'run-2'),
  failover: (fake: FakeServers) => planFailover(fake.site(), {acceptLoss: false, run: 'run-2'}),
};
const notesOf = ({notes}: Operation) => notes.map(({note, isWarning}) => `${isWarning ? '! ' : ''}${note}`);

test('whichever command comes next finishes the operation', async (t) => {
  for (const plan of Object.values(plans)) {
    const fake = half();
    const operation = plan(fake);
    t.is(operation.title, 'finish the switchover to db2');
    t.deepEqual(notesOf(operation), [
      '! The switchover to db2 of run run-0 did not end. These steps finish it.',
      'Writes wait for a replica: none that was acknowledged is lost with the primary alone.',
    ]);
    await runAll(fake, operation);
    t.deepEqual([fake.writers, fake.get('db1').source], [['db2'], '192.0.2.2']);
    t.regex(fake.get('db2').journal ?? '', /"done"/);
  }
});

test('it is finished once more where only the journal is left', async (t) => {
  const fake = half(3, {readOnly: false, waits: true});
  await runAll(fake, plans.switchover(fake));
  t.deepEqual([fake.writers, fake.get('db3').source], [['db2'], '192.0.2.2']);
});

test('the old primary that takes writes again stays the primary', (t) => {
  const fake = half().set('db1', {readOnly: false});
  t.is(
    refusalOf(() => plans.failover(fake)),
    'switchover of run run-0 did not end, and db1 takes writes. Attach the other one to it again: infra db rejoin db2',
  );
});

test('where the new primary takes writes too, an operator decides', (t) => {
  const fake = half(2, {readOnly: false}).set('db1', {readOnly: false});
  t.is(
    refusalOf(() => plans.failover(fake)),
    'db1 and db2 all take writes. Set read_only on all but one of them, then: infra db rejoin HOST',
  );
});

test('a server that holds what the new primary lacks is not attached', (t) => {
  const fake = half(3).set('db3', {io: false, log: ['0-1-1', '0-1-2', '0-1-3']});
  const operation = plans.failover(fake);
  t.true(notesOf(operation).some((each) => /^! db3 has transactions that db2 lacks, and is not/.test(each)));
  t.false(operation.steps.some(({host}) => host === 'db3'));
});

test('nothing is finished when a replica shows that the old primary has taken writes since', (t) => {
  const fake = half(3)
    .set('db3', {log: ['0-1-1', '0-1-2', '0-1-3']})
    .set('db1', {answers: false});
  t.is(
    refusalOf(() => plans.failover(fake)),
    'db3 receives transactions that db2 lacks: its source has taken writes since. ' +
      'Attach db2 again when that server answers: infra db rejoin db2',
  );
});

test('who does not answer is named, and what is promised without it', (t) => {
  const fake = half().set('db1', {answers: false});
  t.deepEqual(notesOf(plans.failover(fake)).slice(1), [
    '! No replica is left to acknowledge writes: one may be lost with the primary until a replica has rejoined.',
    '! db1 does not answer, and is not attached: infra db rejoin db1',
  ]);
});

test('a server that still has its source was not promoted: the operation begins from the start', async (t) => {
  // The run ended between the journal and its first statement; then the old primary was opened, and wrote; then it died.
  const fake = new FakeServers(3, {acks: 1}).set('db2', {journal: journal('switchover'), sql: false});
  fake.set('db3', {sql: false});
  t.true(fake.write('db1'));
  fake.set('db1', {answers: false, reached: false, alive: false});
  const operation = plans.failover(fake);
  t.is(operation.title, 'failover: db1 → db2');
  await runAll(fake, operation);
  t.true(fake.get('db2').log.includes('0-1-3'));
});

test('an operation that had only begun is forgotten', (t) => {
  const fake = new FakeServers(2, {acks: 1}).set('db2', {journal: journal('failover', 'begun')});
  t.is(plans.switchover(fake).title, 'switchover: db1 → db2');
});

test('a server that is attached is no longer one to be promoted', async (t) => {
  const fake = new FakeServers(3).set('db3', {journal: journal('switchover')});
  await runAll(fake, planSwitchover(fake.site(), 'db2', 'run-2'));
  t.is(fake.get('db3').journal, undefined);
});
