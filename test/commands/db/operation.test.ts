import test from 'ava';
import {failureOfOperation} from '../../../src/commands/db/failure-of-operation.js';
import {hostsOver} from '../../../src/commands/db/hosts.js';
import {lockUnchanged, neededBy} from '../../../src/commands/db/lock-operation.js';
import {renderOperation} from '../../../src/commands/db/render-operation.js';
import {type Operation, OperationFailed, type OperationStep} from '../../../src/database/operation.js';
import {HostError, type RunEvent, terminalText} from '../../../src/model/index.js';
import {raw} from '../../../src/shell/index.js';
import type {Connection} from '../../../src/transport/index.js';
import {FakeServers} from '../../database/fake-servers.js';

const step = (host: string, text: string, more = {}): OperationStep => ({
  ...{host, text, run: async () => undefined},
  ...more,
});

const OPERATION: Operation = {
  ...{name: 'switchover', title: 'switchover: db1 → db2', done: ''},
  notes: [
    {note: 'a warning of several words that do not fit', isWarning: true},
    {note: 'a note', isWarning: false},
  ],
  steps: [step('db1', 'one'), step('lb1-long', 'a text of several words that do not fit', {isFinal: true})],
};

test('the steps are numbered, and long texts continue below their beginning', (t) => {
  t.is(
    terminalText(renderOperation(OPERATION, {width: 40}), false),
    `switchover: db1 → db2
  1  db1       one
  2  lb1-long  a text of several words
               that do not fit
  ! a warning of several words that do
    not fit
  · a note
`,
  );
});

test('what became of the operation stands before the hint of what failed', (t) => {
  const cause = new HostError({reason: 'timed-out', message: 'too slow', hint: 'Wait.'});
  const failure = (outcome: OperationFailed['outcome'], thrown: unknown = cause, operation = OPERATION) =>
    failureOfOperation(new OperationFailed(step('db2', 'wait'), outcome, thrown), operation);
  t.like(failure('undone'), {message: 'too slow', task: 'wait', play: 'switchover'});
  t.is(failure('undone').hint, 'Everything is as it was before.\nWait.');
  t.is(failure('unfinished').hint, 'The point of no return was passed. Finish it: infra db switchover');
  t.is(
    failure('unfinished', cause, {...OPERATION, name: 'rejoin'}).hint,
    'The point of no return was passed. To finish it, run the same command again.',
    'infra db rejoin needs a server',
  );
  t.is(
    failure('undo-failed').hint,
    'Not everything could be taken back. To see how the servers stand: infra db status\nWait.',
  );
  t.like(failure('undone', new Error('broken')), {reason: 'command-failed', message: 'broken'});
  t.like(failure('undone', AbortSignal.abort().reason), {
    message: 'it was not begun, since the run was interrupted',
  });
});

/** A connection whose commands answer so. */
const connection = (answer: {code: number; stdout: string; stderr: string}, output: string[] = []): Connection =>
  ({
    run: async (_: unknown, {onOutput}: {onOutput?: (chunk: object) => void}) => {
      for (const text of output) onOutput?.({text, stream: 'stdout'});
      return [{...answer, truncated: false}];
    },
  }) as unknown as Connection;

test('a command answers with what it prints, and fails with its exit code', async (t) => {
  const events: RunEvent[] = [];
  const connections = new Map([
    ['db1', connection({code: 0, stdout: 'yes\n', stderr: ''}, ['5 MiB'])],
    ['db2', connection({code: 3, stdout: 'half', stderr: ' no\n'})],
  ]);
  const hosts = hostsOver({connections}, (event) => events.push(event), 'seed');
  t.is(await hosts.ask('db1', raw('true'), {live: true}), 'yes\n');
  t.like(events[0], {type: 'output', host: 'db1', play: 'seed', task: 'true', text: '5 MiB'});
  const error = await t.throwsAsync(hosts.ask('db2', raw('false')), {instanceOf: HostError});
  t.like(error?.failure, {reason: 'command-failed', command: 'false', exitCode: 3, output: 'half no'});
  const missing = await t.throwsAsync(hosts.ask('db3', raw('true')), {instanceOf: HostError});
  t.like(missing?.failure, {reason: 'unreachable', message: 'db3 was not reached'});
});

test('steps at the same time may ask the same host: its commands run one after the other', async (t) => {
  let running = 0;
  const run = async () => {
    // As a connection does.
    if (running++ > 0) throw new Error('a script is running already');
    await new Promise((done) => setTimeout(done, 5));
    running--;
    return [{code: 0, stdout: 'yes', stderr: '', truncated: false}];
  };
  const connections = new Map([['db1', {run} as unknown as Connection]]);
  const hosts = hostsOver({connections}, () => {}, 'switchover');
  const answers = [hosts.ask('db1', raw('a')), hosts.ask('db2', raw('b')), hosts.ask('db1', raw('c'))];
  const settled = await Promise.allSettled(answers);
  t.deepEqual(
    settled.map(({status}) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
});

const locking = (then: FakeServers) => {
  const site = new FakeServers(3).site();
  const [readAgain, readWatchers] = [async () => then.site(), async () => []];
  const database = {site, connections: new Map(), readAgain, readWatchers, close: async () => {}};
  const control = {id: 'run-1', owner: 'me', lockTimeout: 0, stop: new AbortController().signal};
  const active = {control} as unknown as Parameters<typeof lockUnchanged>[2];
  return lockUnchanged(database, neededBy(OPERATION), active, {notice: () => {}});
};

test('the steps begin only if every server is still what it was when they were planned', async (t) => {
  t.is(await locking(new FakeServers(3)), undefined);
  // In the meantime another run has made db3 the primary.
  const other = new FakeServers(3)
    .set('db1', {readOnly: true, source: '192.0.2.3'})
    .set('db3', {readOnly: false, source: undefined});
  t.like(await locking(other), {
    host: 'db1',
    failure: {
      message: 'a server has changed its role since the plan was made; nothing was changed',
      hint: 'To see how the servers stand: infra db status',
    },
  });
});
