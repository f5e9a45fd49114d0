import test from 'ava';
import {statusOf} from '../../../src/commands/db/describe-status.js';
import {renderStatus} from '../../../src/commands/db/render-status.js';
import type {DatabaseSite} from '../../../src/database/site.js';
import {terminalText} from '../../../src/model/index.js';
import {type FakeServer, FakeServers} from '../../database/fake-servers.js';

const ALONE = {source: undefined, io: false, sql: false};
const DOWN = {answers: false, reached: false, alive: false};

const problemsOf = (fake: FakeServers) =>
  statusOf(fake.site()).problems.map(({message, hint}) => `${message}: ${hint}`);
const wordsOf = (more: Partial<FakeServer>, name = 'db2') => {
  const found = statusOf(new FakeServers(2).set(name, more).site()).servers.find((each) => each.name === name);
  return `${found?.role}: ${found?.words}`;
};

test('servers in order need no operator', (t) => {
  const fake = new FakeServers(2, {acks: 1});
  const status = statusOf(fake.site());
  t.like(status, {primary: 'db1', problems: []});
  t.is(
    terminalText(renderStatus(status), false),
    `✓ db1  primary  takes writes, which wait for replicas (1 connected)
✓ db2  replica  replicates, 0 s behind
Writes wait for a replica: none that was acknowledged is lost with the primary alone.
`,
  );
});

test('the promise is what the primary does now, and not what the playbook says', (t) => {
  const promise = (fake: FakeServers, more: Partial<DatabaseSite> = {}) => statusOf(fake.site(more)).promise;
  t.regex(promise(new FakeServers(2, {acks: 1}).set('db1', {waits: false})), /^Writes do not wait for a replica now/);
  const unknown = new FakeServers(2, {acks: 1}).set('db2', {promise: undefined});
  t.regex(promise(unknown), /^Writes wait for a replica, but no replica knows that yet.* needs --accept-loss\.$/);
  t.regex(promise(new FakeServers(2, {acks: 1}).set('db2', {io: false})), /^No replica is left to acknowledge/);
  t.regex(promise(new FakeServers(2)), /^Replication is asynchronous/);
  t.regex(promise(new FakeServers(3, {acks: 2})), /^Writes wait for 2 replicas/);
});

test('what a server says of itself, in words', (t) => {
  t.is(wordsOf(DOWN), 'unreachable: the host does not answer');
  t.is(wordsOf({answers: false}), 'stopped: the host does not answer');
  t.is(wordsOf({...ALONE, databases: [], log: []}), 'new: takes no writes, and follows no server');
  t.is(wordsOf(ALONE), 'unconfirmed: takes no writes, and follows no server');
  t.is(wordsOf({...ALONE, readOnly: false}), 'primary: takes writes');
  t.is(wordsOf({io: false, revoked: true}), 'replica: its replication was ended by a failover');
  t.is(wordsOf({sql: false}), 'replica: executes nothing: stopped');
  t.is(wordsOf({io: false}), 'replica: receives nothing: no');
});

test('a server with the data of before a restore needs a copy, and its numbers say nothing', (t) => {
  const fake = new FakeServers(2).set('db2', {io: false, revoked: true, restored: '0-1-1'});
  const text = terminalText(renderStatus(statusOf(fake.site())), false);
  t.regex(text, /✗ db2 {2}replica {2}has the data of before a restore of the primary\n/);
  t.regex(text, /! db2 cannot go on from the restored data of db1: infra db seed db2/);
});

test('what it lacks, and what it alone has', (t) => {
  const fake = new FakeServers(2).set('db2', {...ALONE, log: ['0-1-1', '0-1-2', '0-2-3']});
  fake.write('db1');
  const text = terminalText(renderStatus(statusOf(fake.site())), false);
  t.regex(text, /✗ db2 {2}unconfirmed {2}takes no writes, and follows no server; lacks 1 transaction; alone has 1/);
});

test('each problem has a next step', (t) => {
  t.deepEqual(problemsOf(new FakeServers(2).set('db1', DOWN)), ['the primary db1 does not answer: infra db failover']);
  t.deepEqual(problemsOf(new FakeServers(2).set('db1', {readOnly: true})), [
    'db1 takes no writes, and no other server does: infra db failover db1',
  ]);
  t.deepEqual(problemsOf(new FakeServers(2).set('db2', {...ALONE, readOnly: false})), [
    'db1 and db2 all take writes: Set read_only on all but one of them, then: infra db rejoin HOST',
  ]);
  t.deepEqual(problemsOf(new FakeServers(2).set('db1', {...DOWN}).set('db2', ALONE)), [
    'no server is the primary: infra db failover HOST',
    'db1 does not answer: the host does not answer: Start it, then: infra db rejoin db1',
  ]);
  t.deepEqual(problemsOf(new FakeServers(2).set('db2', {answers: false})), [
    'db2 does not answer: the host does not answer: infra db rejoin db2',
  ]);
  t.deepEqual(problemsOf(new FakeServers(2).set('db2', ALONE)), ['db2 follows no server: infra db rejoin db2']);
  t.deepEqual(problemsOf(new FakeServers(3).set('db2', {source: '192.0.2.3'})), [
    'db2 does not follow db1: infra db rejoin db2',
  ]);
  t.deepEqual(problemsOf(new FakeServers(2).set('db2', {io: false})), [
    'db2 does not replicate: its threads are stopped: infra db rejoin db2',
  ]);
});

test('an operation that did not end is a problem, if its server was promoted at all', (t) => {
  const journal = '{"operation":"switchover","run":"r","to":"db2","phase":"promoting"}';
  const half = new FakeServers(2).set('db1', {readOnly: true}).set('db2', {...ALONE, journal});
  t.true(problemsOf(half).includes('a switchover to db2 did not end: infra db switchover'));
  t.deepEqual(problemsOf(new FakeServers(2).set('db2', {journal})), []);
});
