import test, {type ExecutionContext} from 'ava';
import {planFailover} from '../../src/database/failover.js';
import type {Operation} from '../../src/database/operation.js';
import {planRejoin} from '../../src/database/rejoin.js';
import {planSwitchover} from '../../src/database/switchover.js';
import {FakeServers, killedAt, refusalOf, runAll} from './fake-servers.js';

/*
 * infra ends before each command of an operation, clients go on writing wherever they can, and the next runs see only
 * the servers. Never do two servers acknowledge writes, and none that was acknowledged is missing in the end.
 */

const rejoin = (fake: FakeServers, name: string) => planRejoin(fake.site(), name, 'later', () => []);

/** What an operator does next by what infra says: finish, open again, attach. */
async function recover(fake: FakeServers, begun: () => Operation): Promise<void> {
  for (const plan of [begun, () => planFailover(fake.site(), {acceptLoss: false, run: 'next'})]) {
    if (refusalOf(plan) === undefined) await runAll(fake, plan());
  }
  for (const {name, alive} of fake.servers) {
    // One with transactions of its own needs a copy, which these servers cannot make: it stays apart.
    if (alive && refusalOf(() => rejoin(fake, name)) === undefined)
      await runAll(fake, rejoin(fake, name)).catch(() => {});
  }
}

/** Which servers acknowledge a write. */
const writeEverywhere = (fake: FakeServers) => fake.servers.filter(({name}) => fake.write(name)).map(({name}) => name);

/** Of the acknowledged writes, those that a server lacks. */
const lostBy = (fake: FakeServers, name: string) =>
  fake.acknowledged.filter((each) => !fake.get(name).log.includes(each));

/**
 * At most one server acknowledges writes after a kill, then the operator goes on, and in the end one server has all that
 * was acknowledged. Resolves with its name.
 */
async function losesNothing(t: ExecutionContext, fake: FakeServers, begun: () => Operation, when: string) {
  const writers = writeEverywhere(fake);
  t.true(writers.length <= 1, `${writers}: ${when}`);
  await recover(fake, begun);
  const [writer = '', ...others] = writeEverywhere(fake);
  t.deepEqual([others, lostBy(fake, writer)], [[], []], when);
  return writer;
}

/** Calls back with a number for each command of an operation, until it runs to its end. */
async function everyKill(make: () => FakeServers, plan: (fake: FakeServers) => Operation, then: Then): Promise<number> {
  for (let number = 0; ; number++) {
    const fake = make();
    const end = await killedAt(fake, plan(fake), number);
    const last = fake.asked.at(-1)?.split('\n')[0];
    await then(fake, `killed after command ${number}, ${last}`);
    if (end === 'done') return number;
  }
}

type Then = (fake: FakeServers, when: string) => Promise<void>;

for (const [count, acks] of [
  [2, 0],
  [2, 1],
  [3, 0],
  [3, 1],
] as const) {
  const servers = `${count} servers, acks ${acks}`;
  test(`a switchover that is killed anywhere can be finished or taken back: ${servers}`, async (t) => {
    const make = () => new FakeServers(count, {acks});
    const plan = (fake: FakeServers) => planSwitchover(fake.site(), 'db2', 'run-1');
    const commands = await everyKill(make, plan, async (fake, when) => {
      fake.fireTimers();
      await losesNothing(t, fake, () => planSwitchover(fake.site(), undefined, 'run-2'), when);
    });
    t.true(commands > 7, `${commands}`);
  });
}

for (const count of [2, 3]) {
  test(`a failover from a zombie that is killed anywhere loses nothing that was acknowledged: ${count} servers`, async (t) => {
    const make = () => new FakeServers(count, {acks: 1}).set('db1', {answers: false, reached: false});
    const plan = (fake: FakeServers) => planFailover(fake.site(), {acceptLoss: false, run: 'run-1'});
    const commands = await everyKill(make, plan, async (fake, when) => {
      t.not(await losesNothing(t, fake, () => plan(fake), when), 'db1', when);
    });
    t.true(commands > 5, `${commands}`);
  });

  test(`a zombie that wakes after a kill is the primary again, or is told apart: ${count} servers`, async (t) => {
    const make = () => new FakeServers(count, {acks: 1}).set('db1', {answers: false, reached: false});
    const plan = (fake: FakeServers) => planFailover(fake.site(), {acceptLoss: false, run: 'run-1'});
    await everyKill(make, plan, async (fake, when) => {
      fake.set('db1', {answers: true, reached: true});
      await losesNothing(t, fake, () => plan(fake), when);
    });
  });
}

for (const [count, acks] of [
  [2, 1],
  [3, 1],
  [3, 2],
] as const) {
  test(`a failover from a primary that is cut off and killed anywhere: ${count} servers, acks ${acks}`, async (t) => {
    const make = () => {
      const fake = new FakeServers(count, {acks});
      for (let number = 2; number <= count; number++) fake.set(`db${number}`, {io: false});
      fake.write('db1');
      return fake;
    };
    const plan = (fake: FakeServers) => planFailover(fake.site(), {acceptLoss: false, run: 'run-1'});
    const commands = await everyKill(make, plan, async (fake, when) => {
      t.not(await losesNothing(t, fake, () => plan(fake), when), 'db1', when);
    });
    t.true(commands > 10, `${commands}`);
  });
}
