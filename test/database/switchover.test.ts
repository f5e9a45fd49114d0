import test from 'ava';
import {parseGtids} from '../../src/database/gtid.js';
import type {Operation, OperationHosts} from '../../src/database/operation.js';
import type {ServerReport} from '../../src/database/report.js';
import {planSwitchover} from '../../src/database/switchover.js';
import {FakeServers, hostNamed, refusalOf, runAll} from './fake-servers.js';

const plan = (fake: FakeServers, to?: string) => planSwitchover(fake.site(), to, 'run-1');
const refusal = (fake: FakeServers, to?: string) => refusalOf(() => plan(fake, to));
const notesOf = ({notes}: Operation) => notes.map(({note, isWarning}) => `${isWarning ? '! ' : ''}${note}`);
const down = {answers: false, reached: false, alive: false};

/** The same, of a server of MySQL that has executed nothing. */
function asMysql(report: ServerReport): ServerReport {
  const none = parseGtids('mysql', '');
  return {...report, server: {family: 'mysql', version: '9.7.0'}, executed: none, received: none};
}

const balancers = [
  {host: hostNamed('lb1'), isReached: true, write: 3306},
  {host: hostNamed('lb2'), isReached: false, write: 3306},
];

test('the steps: hold the clients, close the old primary, promote, and let the clients through', (t) => {
  const operation = plan(new FakeServers(3, {acks: 1, balancers}), 'db2');
  t.is(operation.title, 'switchover: db1 → db2');
  t.deepEqual(
    operation.steps.map(({host, text}) => `${host}: ${text}`),
    [
      'db2: wait up to 60 s until it is at most 5 s behind db1',
      'db2: note in the journal that what follows must be finished',
      'lb1: let new connections to port 3306 wait',
      'db1: end writes and disconnect the clients',
      'db2: wait up to 10 s for the last writes of db1',
      'db2: stop replicating: it is a server of its own, still read-only (the point of no return)',
      'db1: replicate from db2',
      'db2: wait until a replica can acknowledge writes',
      'db2: take writes',
      'lb1: send connections to db2',
      'db3: replicate from db2',
      'db2: run the events that the old primary ran',
      'db2: check that the others follow it',
      'db2: note in the journal that it is done',
    ],
  );
  t.deepEqual(notesOf(operation), [
    'New connections wait for the new primary, about two seconds. Open sessions are ended: applications reconnect.',
    'Writes wait for a replica: none that was acknowledged is lost with the primary alone.',
    '! lb2 cannot be reached: its clients get errors until it finds db2',
    'Edit the inventory afterwards: db2 into the group of the primary, db1 into that of the replicas.',
  ]);
  t.is(operation.done, 'db2 is the primary now, and db1 and db3 follow it.');
});

test('clients wait for nine commands', async (t) => {
  const fake = new FakeServers(2, {acks: 1, balancers: balancers.slice(0, 1)});
  await runAll(fake, plan(fake, 'db2'));
  const held = fake.asked.findIndex((each) => each.startsWith('lb1'));
  const released = fake.asked.findLastIndex((each) => each.startsWith('lb1'));
  t.deepEqual(
    fake.asked.slice(held, released + 1).map((each) => each.split(':')[0]),
    ['lb1', 'db1', 'db2', 'db1', 'db2', 'db1', 'db2', 'db2', 'lb1'],
  );
});

test('MySQL ends its wait for replicas when clients wait no longer', async (t) => {
  const site = new FakeServers(3, {acks: 1, balancers: balancers.slice(0, 1)}).site({family: 'mysql'});
  const servers = site.servers.map((node) => ({...node, report: node.report && asMysql(node.report)}));
  const {steps} = planSwitchover({...site, servers}, 'db2', 'run-1');
  const texts = steps.map(({host, text}) => `${host}: ${text}`);
  t.true(texts.indexOf('db1: wait for no replica itself') > texts.indexOf('lb1: send connections to db2'));
  const asked: string[] = [];
  const ask: OperationHosts['ask'] = async (_, command) => {
    asked.push(command.reveal());
    throw new Error('that is enough');
  };
  for (const {text, run} of steps) {
    if (/^end writes|^wait for no replica/.test(text)) await run({ask}).catch(() => {});
  }
  t.deepEqual(
    asked.map((each) => each.includes('SET GLOBAL rpl_semi_sync_source_enabled = OFF')),
    [false, true],
  );
});

test('every server but the new primary follows it afterwards, and none but it takes writes', async (t) => {
  for (const acks of [0, 1]) {
    const fake = new FakeServers(3, {acks});
    await runAll(fake, plan(fake));
    t.deepEqual(fake.writers, ['db2']);
    t.deepEqual(
      fake.servers.map(({source}) => source),
      ['192.0.2.2', undefined, '192.0.2.2'],
    );
    t.is(fake.get('db2').waits, acks > 0);
    t.regex(fake.get('db2').journal ?? '', /"done"/);
  }
});

test('the replica that is least behind is chosen', (t) => {
  const fake = new FakeServers(3).set('db2', {sql: false});
  t.is(plan(fake).title, 'switchover: db1 → db3');
});

test('a switchover needs a primary that takes writes', (t) => {
  t.is(
    refusal(new FakeServers(2).set('db1', down)),
    'the primary db1 does not answer. For a primary that is down: infra db failover',
  );
  t.is(
    refusal(new FakeServers(3).set('db1', {readOnly: true}).set('db3', down)),
    'the primary db1 takes no writes. To open them again: infra db failover db1',
  );
  t.is(
    refusal(new FakeServers(2).set('db2', {readOnly: false, source: undefined})),
    'db1 and db2 all take writes. Set read_only on all but one of them, then: infra db rejoin HOST',
  );
  t.is(
    refusal(new FakeServers(2).set('db1', down).set('db2', {source: undefined})),
    'no server takes writes. For a primary that is down: infra db failover',
  );
});

test('a switchover that was killed is done again, where nothing can have been promoted in between', (t) => {
  t.is(plan(new FakeServers(3).set('db1', {readOnly: true})).title, 'switchover: db1 → db2');
});

test('a closed primary that every other server follows can be switched from, as after a kill', async (t) => {
  const fake = new FakeServers(3, {acks: 1}).set('db1', {readOnly: true, waits: false});
  await runAll(fake, plan(fake));
  t.deepEqual(fake.writers, ['db2']);
});

test('to name the primary is right: the same command may have made it that', (t) => {
  const operation = plan(new FakeServers(2), 'db1');
  t.deepEqual([operation.steps, notesOf(operation)], [[], ['db1 is the primary already, and takes writes.']]);
});

test('the same command after a kill at its end does not switch to another server', async (t) => {
  const fake = new FakeServers(3);
  await runAll(fake, plan(fake));
  const again = plan(fake);
  t.is(again.title, 'switchover: it is done');
  await runAll(fake, again);
  t.deepEqual(fake.writers, ['db2']);
  t.regex(plan(fake).title, /^switchover: db2 → /);
});

test('where the journal cannot be written at the point of no return, the old primary takes writes again', async (t) => {
  const fake = new FakeServers(3, {acks: 1});
  fake.before = (_, text) => {
    if (text.includes('"promoting"')) throw new Error('Read-only file system');
  };
  const error = await t.throwsAsync(runAll(fake, plan(fake)));
  t.like(error, {outcome: 'undone'});
  t.deepEqual([fake.writers, fake.get('db1').waits, fake.get('db2').io], [['db1'], true, true]);
});

test('why a server cannot become the primary', (t) => {
  t.is(
    refusal(new FakeServers(2), 'db7'),
    'there is no database server named "db7". The database servers are db1, db2.',
  );
  const cases = {
    'does not answer': down,
    'does not replicate: infra db rejoin db2': {source: undefined},
    'replicates from 192.0.2.3, and not from the primary': {source: '192.0.2.3'},
    'does not replicate now: its threads are stopped': {io: false},
  };
  for (const [why, state] of Object.entries(cases)) {
    const fake = new FakeServers(3).set('db2', state);
    t.is(refusal(fake, 'db2'), `db2 ${why}. To see what keeps it from that: infra db status`);
  }
  const none = new FakeServers(2).set('db2', {sql: false});
  t.is(refusal(none), 'no replica follows the primary. To see what keeps it from that: infra db status');
});

test('a server with transactions of its own is seen to first', (t) => {
  const fake = new FakeServers(3).set('db3', {source: undefined, log: ['0-1-1', '0-1-2', '0-3-3']});
  t.is(refusal(fake), 'db3 has transactions that the primary lacks. Save and remove them first: infra db rejoin db3');
});

test('a server that does not answer stays behind, and a new one waits for its data', (t) => {
  const fake = new FakeServers(4).set('db3', down).set('db4', {databases: [], log: [], source: undefined});
  const operation = plan(fake);
  t.true(notesOf(operation).includes('! db3 does not answer, and is not attached: infra db rejoin db3'));
  t.false(operation.steps.some(({host}) => host === 'db3' || host === 'db4'));
});

test('a replica that does not execute the last writes in time leaves everything as it was', async (t) => {
  const fake = new FakeServers(2, {acks: 1, balancers: balancers.slice(0, 1)});
  const hosts: OperationHosts = {
    ask: async (host, command, options) => {
      if (command.reveal().includes('MASTER_GTID_WAIT') && fake.get('db1').readOnly) return '-1\n';
      return fake.hosts.ask(host, command, options);
    },
  };
  const error = await t.throwsAsync(runAll(Object.assign(Object.create(fake), {hosts}), plan(fake)));
  t.like(error, {outcome: 'undone'});
  t.like(error?.cause, {
    failure: {
      message: 'db2 has not executed everything after 10 s',
      hint: 'Wait until it is no longer behind: infra db status',
    },
  });
  t.deepEqual([fake.writers, fake.get('db1').timer, fake.get('db1').waits], [['db1'], false, true]);
  t.regex(fake.asked.at(-2) ?? '', /^lb1: .*set maxconn frontend port-3306/);
});

test('an old primary that wrote again before its timer was ended keeps its role', async (t) => {
  const fake = new FakeServers(2);
  fake.before = (host, text) => {
    if (!text.includes('SELECT @@global.read_only')) return;
    fake.set('db2', {io: false}).set('db1', {readOnly: false});
    fake.write('db1');
    fake.set('db1', {readOnly: true});
    t.is(host, 'db1');
  };
  const error = await t.throwsAsync(runAll(fake, plan(fake)));
  t.like(error, {outcome: 'undone'});
  t.like(error?.cause, {failure: {message: 'db1 has written again in the meantime'}});
  t.deepEqual(fake.writers, ['db1']);
});

test('what a replica receives while it is attached is not taken for transactions of its own', async (t) => {
  const fake = new FakeServers(3);
  let isOpen = false;
  fake.before = (host, text) => {
    if (text.includes('SET GLOBAL read_only = OFF') && host === 'db2') isOpen = true;
    // db3 still gets the writes of db2 by way of db1.
    if (isOpen) fake.write('db2');
  };
  await runAll(fake, plan(fake));
  t.is(fake.get('db3').source, '192.0.2.2');
});
