import test from 'ava';
import {statusOf} from '../../../src/commands/db/describe-status.js';
import {renderStatus} from '../../../src/commands/db/render-status.js';
import {parseWatcher, type WatcherNode} from '../../../src/database/watcher.js';
import {parseInventory} from '../../../src/inventory/index.js';
import {terminalText, UnreadableReply} from '../../../src/model/index.js';
import {FakeServers} from '../../database/fake-servers.js';

const STATUS = {lost: '', reason: '', silent: '', faults: ''};
const RECORD = {
  ...{phase: 'done', time: '1796062811', from: 'db1', to: 'db2', why: 'db1 has given no sign of life for 15 s'},
  ...{result: 'db2 takes writes; its replicas: db3', stopped: ''},
};
const {hosts} = parseInventory('lb: {hosts: {lb1: {}, lb2: {}}}', 'hosts.yml');

/** What the service of a balancer answers. */
function watcher(index: 0 | 1, {unit = 'active', status = STATUS as object, record}: Answer = {}): WatcherNode {
  const [host] = hosts.slice(index);
  if (!host) throw new Error('no such host');
  const json = (name: string, value: object | undefined) => (value ? `${name}: ${JSON.stringify(value)}\n` : '');
  const stdout = `unit: ${unit}\n${json('status', unit === 'active' ? status : undefined)}${json('record', record)}`;
  return {host, report: parseWatcher({stdout}), failure: undefined};
}

interface Answer {
  readonly unit?: string;
  readonly status?: object;
  readonly record?: object;
}

/** The lines about automatic failover, and the problems. */
function shown(fake: FakeServers, ...watchers: readonly WatcherNode[]): readonly string[] {
  const lines = terminalText(renderStatus(statusOf(fake.site(), watchers)), false)
    .trimEnd()
    .split('\n');
  return lines.slice(lines.indexOf('Automatic failover:') + 1);
}

const promoted = () =>
  new FakeServers(3)
    .set('db1', {answers: false, reached: false, alive: false})
    .set('db2', {source: undefined, readOnly: false})
    .set('db3', {source: '192.0.2.2'});

test('nothing is said of it where the playbook has it not', (t) => {
  t.is(statusOf(new FakeServers(3).site()).automatic, null);
});

test('two services that watch need no operator', (t) => {
  t.deepEqual(shown(new FakeServers(3), watcher(0), watcher(1)), ['✓ lb1  watches', '✓ lb2  watches']);
});

test('what it did: when, from where to where, why, and what is still to do', (t) => {
  const lines = shown(promoted(), watcher(0), watcher(1, {record: RECORD}));
  const did =
    'The last one: 2026-11-30 18:20:11 UTC, by lb2: from db1 to db2, since db1 has given no sign of life for 15 s.';
  t.is(lines[2], `${did} Still to do: infra db rejoin db1`);
  const attached = promoted().set('db1', {
    answers: true,
    reached: true,
    alive: true,
    readOnly: true,
    source: '192.0.2.2',
  });
  t.is(shown(attached, watcher(0, {record: RECORD}), watcher(1))[2], did.replace('lb2', 'lb1'));
  t.like(statusOf(promoted().site(), [watcher(1, {record: RECORD})]).automatic, {
    last: {
      by: 'lb2',
      from: 'db1',
      to: 'db2',
      phase: 'done',
      time: '2026-11-30T18:20:11.000Z',
      next: 'infra db rejoin db1',
    },
  });
});

test('the newest record counts, and one that was taken back has nothing to do', (t) => {
  const undone = {...RECORD, phase: 'undone', time: '1796062900', to: '', result: 'db1 is back'};
  const lines = shown(new FakeServers(3), watcher(0, {record: undone}), watcher(1, {record: RECORD}));
  t.regex(lines[2] ?? '', /^The last attempt: .*, by lb1: from db1, since .*; taken back: db1 is back$/);
});

test('a service that does not run, or on a balancer that does not answer, is a problem', (t) => {
  const lines = shown(new FakeServers(3), watcher(0, {unit: 'failed'}), watcher(1, {unit: 'inactive'}));
  t.is(lines[0], '! lb1  does not run (failed)');
  t.is(lines[2], '! automatic failover does not run on lb1 (failed): infra apply --limit lb1');
  const failure = {reason: 'unreachable', message: 'no route to host'} as const;
  const gone = shown(new FakeServers(3), watcher(0), {...watcher(1), report: undefined, failure});
  t.is(gone[2], '! automatic failover: lb2 does not answer: no route to host: Start it, then: infra apply --limit lb2');
});

test('why it refuses to act is said, with the command that does it by hand', (t) => {
  const down = new FakeServers(3).set('db1', {answers: false, reached: false, alive: false});
  const status = {...STATUS, lost: 'db1', reason: '1 of 2 replicas answer: db1 may still be acknowledging writes'};
  const lines = shown(down, watcher(0, {status}), watcher(1, {status}));
  t.is(lines[0], `! lb1  does not replace db1: ${status.reason}`);
  t.true(lines.includes(`! lb2 does not replace db1 by itself: ${status.reason}: infra db failover`));
});

test('what would keep it from acting now is said, and what needs an operator is a problem', (t) => {
  const reason = 'db1 was promoted at 2026-11-30 18:20:11 UTC, and failovers are 3600 s apart';
  const paused = shown(new FakeServers(3), watcher(0, {status: {...STATUS, reason}}));
  t.deepEqual(paused, [`! lb1  watches, and would do nothing now: ${reason}`]);
  const faults = 'no session with db2: ERROR 1045 (28000): Access denied';
  const broken = shown(new FakeServers(3), watcher(0, {status: {...STATUS, faults}}));
  t.is(broken[1], `! lb1 could not fail over: ${faults}: infra apply`);
});

test('balancers that see different things are a problem', (t) => {
  const blind = watcher(0, {status: {...STATUS, silent: 'db1'}});
  t.is(
    shown(new FakeServers(3), blind, watcher(1))[2],
    '! lb1 does not hear db1, which answers infra: To open the port of its health: infra apply --limit db1',
  );
  const lost = watcher(0, {status: {...STATUS, lost: 'db1', reason: 'db2 is still connected to db1'}});
  t.regex(shown(new FakeServers(3), lost, watcher(1)).at(-1) ?? '', /^! lb1 takes db1 to be lost, and lb2 does not: /);
});

test('one that has not ended is a problem', (t) => {
  const record = {...RECORD, phase: 'promoting', result: 'db3 does not answer'};
  const lines = shown(promoted(), watcher(0, {record}));
  t.regex(lines[1] ?? '', /^Under way: .* from db1 to db2, since db1/);
  t.regex(lines.at(-1) ?? '', /^! a failover from db1 to db2 by lb1 has not ended: db3 does not answer: It goes on by/);
});

test('an answer that is not understood is said, and makes no report', (t) => {
  t.throws(() => parseWatcher({stdout: ''}), {instanceOf: UnreadableReply});
  t.throws(() => parseWatcher({stdout: 'unit: active\nrecord: {"phase": 1}\n'}), {message: /has written "\{"phase/});
  t.is(parseWatcher({stdout: 'unit: inactive\n'}).record, undefined);
});
