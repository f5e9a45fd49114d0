import test from 'ava';
import fc from 'fast-check';
import {type FailureReason, type RunEvent, summarise} from '../../../src/model/index.js';

const failed = (host: string, reason: FailureReason): RunEvent => {
  return {type: 'host-failed', host, failure: {reason, message: 'No.'}};
};

const hosts = fc.constantFrom('a', 'b', 'c');

const anyEvent: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.record({type: fc.constant('host-connecting' as const), host: hosts}),
  fc.record({type: fc.constant('host-connected' as const), host: hosts, seconds: fc.nat(9)}),
  fc.record({type: fc.constant('host-planned' as const), host: hosts, changes: fc.nat(9), seconds: fc.nat(9)}),
  fc.record({type: fc.constant('play-started' as const), host: hosts, play: fc.constant('p')}),
  fc.record({type: fc.constant('task-started' as const), host: hosts, play: fc.constant('p'), task: fc.constant('t')}),
  fc.record({type: fc.constant('host-verified' as const), host: hosts, seconds: fc.nat(9)}),
  fc.record({type: fc.constant('host-finished' as const), host: hosts, changed: fc.nat(9)}),
);

test('a failure anywhere in the events makes the exit code no success, whatever else happened', (t) => {
  const reason = fc.constantFrom<FailureReason>('unreachable', 'command-failed', 'needs-failed', 'not-converged');
  fc.assert(
    fc.property(fc.array(anyEvent), hosts, reason, fc.array(anyEvent), (before, host, why, after) => {
      return summarise([...before, failed(host, why), ...after]).exitCode !== 0;
    }),
  );
  t.pass();
});

test('the exit code is 0 exactly when every host is fine', (t) => {
  fc.assert(
    fc.property(fc.array(anyEvent), (events) => {
      const {hosts, exitCode} = summarise(events);
      return (exitCode === 0) === hosts.every(({status}) => status === 'ok' || status === 'changed');
    }),
  );
  t.is(summarise([]).exitCode, 0);
});

test('a host is counted by its own events, in the order of its first', (t) => {
  const about = {host: 'b', play: 'p'};
  const {hosts, exitCode} = summarise([
    {type: 'host-connected', host: 'b', seconds: 1},
    {type: 'host-connected', host: 'a', seconds: 2},
    {type: 'task-changed', ...about, task: 'apt nginx', action: 'create', seconds: 3},
    {type: 'handler-ran', ...about, handler: 'reload nginx', seconds: 4},
    {type: 'host-finished', host: 'a', changed: 0},
    {type: 'host-finished', host: 'b', changed: 1},
  ]);
  t.deepEqual(hosts, [
    {host: 'b', status: 'changed', changed: 1, handlers: 1, seconds: 8, failure: undefined, ignored: []},
    {host: 'a', status: 'ok', changed: 0, handlers: 0, seconds: 2, failure: undefined, ignored: []},
  ]);
  t.is(exitCode, 0);
});

test('a host that was never asked anything is unreachable, one that broke down failed', (t) => {
  const statusOf = (reason: FailureReason) => summarise([failed('a', reason)]).hosts[0]?.status;
  t.is(statusOf('host-key-changed'), 'unreachable');
  t.is(statusOf('connection-lost'), 'failed');
});

test('a host left in the middle of something is interrupted, which is not a success', (t) => {
  const summary = summarise([{type: 'task-started', host: 'a', play: 'p', task: 'apt nginx'}]);
  t.is(summary.hosts[0]?.status, 'interrupted');
  t.is(summary.exitCode, 130);
});

test('a dry run ends well with a planned host', (t) => {
  t.is(summarise([{type: 'host-planned', host: 'a', changes: 3, seconds: 1}]).exitCode, 0);
});

test('a failure that the playbook ignores is reported, and the host is fine', (t) => {
  const failure = {reason: 'command-failed' as const, message: 'No.'};
  const summary = summarise([
    {type: 'task-ignored', host: 'a', play: 'p', task: 't', failure, seconds: 2},
    {type: 'host-finished', host: 'a', changed: 0},
  ]);
  t.is(summary.exitCode, 0);
  t.like(summary.hosts[0], {status: 'ok', ignored: [failure], seconds: 2});
});

/** How a host can end, and the events that tell of it. */
const ENDINGS: Readonly<Record<string, (host: string) => RunEvent[]>> = {
  ok: (host) => [{type: 'host-finished', host, changed: 0}],
  changed: (host) => [
    {type: 'task-changed', host, play: 'p', task: 't', action: 'update', seconds: 1},
    {type: 'host-finished', host, changed: 1},
  ],
  failed: (host) => [failed(host, 'command-failed'), {type: 'host-finished', host, changed: 0}],
  unreachable: (host) => [failed(host, 'unreachable')],
  interrupted: (host) => [
    {type: 'task-changed', host, play: 'p', task: 't', action: 'update', seconds: 1},
    {type: 'host-interrupted', host},
    {type: 'host-finished', host, changed: 1},
  ],
};

test('every combination of endings has its statuses and its exit code, however the events of hosts are mixed', (t) => {
  const endings = fc.array(fc.constantFrom(...Object.keys(ENDINGS)), {maxLength: 6});
  fc.assert(
    fc.property(endings, fc.infiniteStream(fc.nat(5)), (statuses, turns) => {
      const queues = statuses.map((status, index) => ENDINGS[status]?.(`host${index}`) ?? []);
      const mixed: RunEvent[] = [];
      while (queues.some(({length}) => length > 0))
        mixed.push(...(queues[turns.next().value ?? 0]?.splice(0, 1) ?? []));
      const {hosts, exitCode} = summarise(mixed);
      for (const {host, status} of hosts) t.true(status === statuses[Number(host.slice(4))]);
      const bad = statuses.some((status) => status === 'failed' || status === 'unreachable');
      t.is(exitCode, statuses.includes('interrupted') ? 130 : bad ? 1 : 0);
    }),
  );
});
