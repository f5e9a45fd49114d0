import test from 'ava';
import {planFailover} from '../../src/database/failover.js';
import {OperationFailed} from '../../src/database/operation.js';
import {FakeServers, runAll} from './fake-servers.js';

const SAFE = {acceptLoss: false, run: 'run-1'};
const down = {answers: false, reached: false, alive: false};
const stopped = () => ({sql: false, log: ['0-1-1'], relay: ['0-1-2', '0-1-3']});

test('a replica whose applier was stopped executes all that it has received before it is promoted', async (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db1', down).set('db3', stopped());
  const operation = planFailover(fake.site(), SAFE);
  t.is(operation.title, 'failover: db1 → db3');
  await runAll(fake, operation);
  t.deepEqual(fake.get('db3').log, ['0-1-1', '0-1-2', '0-1-3']);
  t.deepEqual(fake.writers, ['db3']);
});

test('a replica that cannot execute what it has received is not promoted, and all is taken back', async (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db1', down).set('db3', {...stopped(), stuck: true});
  const failed = await t.throwsAsync(runAll(fake, planFailover(fake.site(), SAFE)), {instanceOf: OperationFailed});
  t.is(failed?.outcome, 'undone');
  t.like(failed?.cause, {
    failure: {
      message: 'db3 does not execute what it has received: Error 1062',
      hint: 'Remove the cause on that server, then run the same command again.',
    },
  });
  t.deepEqual(fake.writers, []);
  t.deepEqual(
    fake.servers.map(({io}) => io),
    [false, true, true],
  );
});

test('of two that have received everything, the one that can execute it is promoted', (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db1', down).set('db3', {log: ['0-1-1', '0-1-2', '0-1-3']});
  fake.set('db2', {...stopped(), stuck: true});
  t.is(planFailover(fake.site(), SAFE).title, 'failover: db1 → db3');
});

test('a server that follows none has nothing to execute, and is promoted', async (t) => {
  const fake = new FakeServers(2).set('db1', down).set('db2', {source: undefined, io: false, sql: false});
  await runAll(fake, planFailover(fake.site(), {...SAFE, to: 'db2', acceptLoss: true}));
  t.deepEqual(fake.writers, ['db2']);
});
