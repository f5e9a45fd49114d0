import test, {type ExecutionContext} from 'ava';
import {runScript} from '../../../src/engine/apply/script.js';
import {Interrupted, type Progress} from '../../../src/engine/host-run.js';
import {HostError, InputError} from '../../../src/model/index.js';
import {AS_EXPECTED, type Command, raw} from '../../../src/shell/index.js';
import type {Connection} from '../../../src/transport/index.js';
import {type Given, handler, handles, progressOver, reads, sets, stepsFor, thing, told} from '../scene.js';

const LOST = {reason: 'connection-lost', message: 'lost'} as const;

async function failure(t: ExecutionContext, running: Promise<unknown>) {
  return (await t.throwsAsync(running, {instanceOf: HostError})).failure;
}

const one = (more: Partial<Given> & Pick<Given, 'answers'>) => progressOver({items: [thing({name: 'a'})], ...more});

test('without steps nothing is sent', async (t) => {
  const {progress, scripts} = await one({answers: [reads('a', 'old')]});
  t.deepEqual(await runScript(progress, 'play', []), {replies: []});
  t.deepEqual(scripts(), []);
});

test('steps run in order, and each has its reply; a check that holds is told apart', async (t) => {
  const {progress, entries} = await one({answers: [reads('a', 'old'), sets('a', {stdout: 'done'}), handles('h')]});
  const steps = [...stepsFor(entries, true), {type: 'handler', handler: handler('h')} as const];
  const {replies, again} = await runScript(progress, 'play', steps);
  t.is(replies[0], AS_EXPECTED);
  t.deepEqual([replies[1]?.stdout, replies[2]?.code, again], ['done', 0, undefined]);
});

test('an answer that is another one ends the script before the change, and is not a failure', async (t) => {
  const {progress, entries, scripts, events} = await one({answers: [reads('a', 'old', 1), reads('a', 'older')]});
  const {replies} = await runScript(progress, 'play', stepsFor(entries, true));
  t.deepEqual([replies[0]?.stdout, replies[1]], ['older', undefined]);
  t.deepEqual([scripts(), events], [['read a'], []]);
});

test('a change that fails rejects with its command, code and output; nothing after it runs', async (t) => {
  const {progress, entries, scripts} = await progressOver({
    items: [thing({name: 'a'}), thing({name: 'b'})],
    answers: [reads('a', 'old'), reads('b', 'old'), sets('a', {code: 4, stdout: 'out', stderr: 'err'})],
  });
  const told = await failure(t, runScript(progress, 'play', stepsFor(entries)));
  t.like(told, {
    reason: 'command-failed',
    exitCode: 4,
    output: 'err',
    command: 'set a.',
    task: 'thing a',
    play: 'play',
  });
  t.deepEqual(scripts(), ['set a']);
  t.like(progress, {changed: 0, touched: false});
});

test('a handler that fails says so, and that it stays due', async (t) => {
  const {progress, events} = await one({answers: [reads('a', 'old'), handles('h', {code: 1, stderr: 'bad config'})]});
  const told = await failure(t, runScript(progress, 'play', [{type: 'handler', handler: handler('h')}]));
  t.like(told, {reason: 'handler-failed', task: 'handler h', output: 'bad config', play: 'play'});
  t.regex(told.hint ?? '', /stays due/);
  t.deepEqual(
    events.map(({type}) => type),
    ['handler-started', 'output'],
  );
});

test('after a handler that fails no other one runs', async (t) => {
  const {progress, scripts} = await one({answers: [reads('a', 'old'), handles('h', {code: 1}), handles('i')]});
  const steps = ['h', 'i'].map((id) => ({type: 'handler', handler: handler(id)}) as const);
  t.is((await failure(t, runScript(progress, 'play', steps))).task, 'handler h');
  t.deepEqual(scripts(), ['handle h']);
});

test('a stop between two scripts is not passed on to the host: nothing runs there', async (t) => {
  const stopping = new AbortController();
  const answers = [reads('a', 'old'), sets('a')];
  const {progress, entries, transport} = await one({answers, control: {stop: stopping.signal}});
  await runScript(progress, 'play', stepsFor(entries));
  stopping.abort();
  t.false(transport.asked.some(({type}) => type === 'stop'));
});

test('what a change that may alter anything prints is reported line by line, of others nothing', async (t) => {
  const {progress, entries, events} = await progressOver({
    items: [thing({name: 'a', affects: ['*']}), thing({name: 'b'})],
    answers: [
      reads('a', 'old'),
      reads('b', 'old'),
      sets('a', {stdout: 'one\ntwo\n', stderr: 'err\n'}),
      sets('b', {stdout: 'x\n'}),
    ],
  });
  await runScript(progress, 'play', stepsFor(entries));
  const lines = events.flatMap((event) => (event.type === 'output' ? [[event.task, event.stream, event.text]] : []));
  t.deepEqual(lines, [
    ['thing a', 'stdout', 'one'],
    ['thing a', 'stdout', 'two'],
    ['thing a', 'stderr', 'err'],
  ]);
});

test('a lost connection is a failure of its own', async (t) => {
  const {progress, entries} = await one({answers: [reads('a', 'old'), sets('a', {instead: LOST})]});
  t.is((await failure(t, runScript(progress, 'play', stepsFor(entries)))).reason, 'connection-lost');
});

/** The same host, whose connection does this in place of running scripts. */
const running = (progress: Progress, run: Connection['run']): Progress => ({
  ...progress,
  run: {...progress.run, connection: {...progress.run.connection, run}},
});

test('a script that ends before its end, for an unknown reason, is not a success', async (t) => {
  const {progress, entries} = await one({answers: [reads('a', 'old')]});
  const short = running(progress, async (steps) => steps.map(() => undefined));
  t.like(await failure(t, runScript(short, 'play', stepsFor(entries))), {reason: 'protocol-broken', play: 'play'});
});

test('a run that is to stop sends nothing more', async (t) => {
  const stop = AbortSignal.abort();
  const {progress, entries, scripts} = await one({answers: [reads('a', 'old')], control: {stop}});
  await t.throwsAsync(runScript(progress, 'play', stepsFor(entries)), {instanceOf: Interrupted});
  t.deepEqual(scripts(), []);
});

test('a stop while a script runs is passed on to the host, which ends the change that runs', async (t) => {
  const stopping = new AbortController();
  const {progress, entries, scripts, transport, events} = await progressOver({
    items: [thing({name: 'a'}), thing({name: 'b'})],
    answers: [reads('a', 'old'), reads('b', 'old'), sets('a', {seconds: 0.1})],
    control: {stop: stopping.signal},
    onEvent: ({type}) => type === 'task-started' && stopping.abort(),
  });
  await t.throwsAsync(runScript(progress, 'play', stepsFor(entries)), {instanceOf: Interrupted});
  t.deepEqual(scripts(), ['set a']);
  t.deepEqual(told(events), ['task-started thing a', 'task-changed thing a']);
  t.is(transport.asked.filter(({type}) => type === 'stop').length, 1);
});

test('a stop that comes when all is done interrupts nothing, and is not passed on later', async (t) => {
  const stopping = new AbortController();
  const {progress, entries, transport} = await one({
    answers: [reads('a', 'old'), sets('a')],
    control: {stop: stopping.signal},
    onEvent: ({type}) => type === 'task-changed' && stopping.abort(),
  });
  const {replies} = await runScript(progress, 'play', stepsFor(entries));
  t.is(replies[0]?.code, 0);
  t.is(transport.asked.filter(({type}) => type === 'stop').length, 1);
});

test('a change that failed and may be tried again is reported by its step', async (t) => {
  const {progress, entries} = await progressOver({
    items: [thing({name: 'a', retries: 1}), thing({name: 'b'})],
    answers: [reads('a', 'old'), reads('b', 'old'), sets('a', {code: 1})],
  });
  const {again, replies} = await runScript(progress, 'play', stepsFor(entries, true));
  t.is(again, 1);
  t.deepEqual([replies[1]?.code, replies[2]], [1, undefined]);
});

test('commands that are made only now are made once their turn comes; that they cannot be is a failure of the task', async (t) => {
  const made = async (late: () => Promise<readonly Command[]>) => {
    const {progress, entries, scripts} = await progressOver({
      items: [thing({name: 'a', late})],
      answers: [reads('a', 'old'), sets('a')],
    });
    const before = scripts().length;
    const result = await runScript(progress, 'play', stepsFor(entries)).catch((error: unknown) => error);
    return {result, sent: scripts().length - before};
  };
  let count = 0;
  const once = async () => {
    count += 1;
    return [raw('set a.')];
  };
  t.is((await made(once)).sent, 1);
  t.is(count, 1);
  const refused = await made(() => Promise.reject(new InputError([{message: 'no key', hint: 'Make one.'}])));
  t.is(refused.sent, 0);
  t.like(refused.result, {
    failure: {reason: 'command-failed', message: 'thing a: no key', hint: 'Make one.', task: 'thing a'},
  });
  t.true((await made(() => Promise.reject(new TypeError('bug')))).result instanceof TypeError);
});

test('handlers of a delegated change are noted on their own host before it, and where they cannot be it is not made', async (t) => {
  const given = (note: {readonly code: number}): Given => ({
    items: [thing({name: 'a', delegateTo: 'other', notify: handler('h')})],
    limit: ['h1'],
    answers: {h1: [{to: 'mkdir -p /var/lib/infra/pending', ...note}], other: [reads('a', 'old'), sets('a')]},
  });
  const fine = await progressOver(given({code: 0}));
  await runScript(fine.progress, 'play', stepsFor(fine.entries));
  t.deepEqual(fine.scripts(), ['note', 'other: set a']);
  const full = await progressOver(given({code: 1}));
  const told = await failure(t, runScript(full.progress, 'play', stepsFor(full.entries)));
  t.like(told, {reason: 'command-failed', task: 'thing a', exitCode: 1});
  t.deepEqual(full.scripts(), ['note']);
});

test('whether a change, a check or a question may end the script is what it says to the host', async (t) => {
  const {progress, entries} = await progressOver({
    items: [
      thing({name: 'a'}),
      thing({name: 'b', ignoreErrors: true}),
      thing({name: 'c', ignoreErrors: true, retries: 1}),
    ],
    answers: ['a', 'b', 'c'].map((name) => reads(name, 'old')),
  });
  const sent: unknown[] = [];
  const noting = running(progress, async (steps, options) => {
    sent.push(options?.stoppable, ...steps.map(({required, mode, expect}) => [required, mode, expect !== undefined]));
    return steps.map(() => AS_EXPECTED);
  });
  const [first] = entries;
  if (!first) throw new Error('no entry');
  await runScript(noting, 'play', [...stepsFor(entries), {type: 'check', entry: first}, {type: 'probe', entry: first}]);
  t.deepEqual(sent, [
    true,
    [true, undefined, false],
    [false, undefined, false],
    // An attempt that fails is followed by a question before all else.
    [true, undefined, false],
    [false, 'probe', true],
    [false, 'probe', false],
  ]);
});
