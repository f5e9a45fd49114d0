import test from 'ava';
import {mayTryAgain, Reporter} from '../../../src/engine/apply/reporter.js';
import type {ScriptStep} from '../../../src/engine/apply/step-command.js';
import type {Reply} from '../../../src/shell/index.js';
import {handler, type OneHost, progressOver, reads, stepsFor, thing, told} from '../scene.js';

const reply = (code = 0, stdout = ''): Reply => ({code, stdout, stderr: '', truncated: false});

interface Reported extends Omit<OneHost, 'run'> {
  readonly reporter: Reporter;
  /** The step begins and ends with this code. */
  run(step: number, code?: number): void;
}

/** A reporter over the changes of these tasks, and a handler after them. */
async function over(options: Partial<Parameters<typeof thing>[0]> = {}): Promise<Reported> {
  const names = ['a', 'b'];
  const items = names.map((name) => thing({...options, name}));
  const host = await progressOver({items, answers: names.map((name) => reads(name, 'old'))});
  const steps: readonly ScriptStep[] = [...stepsFor(host.entries, true), {type: 'handler', handler: handler('h')}];
  const reporter = new Reporter(host.progress, 'play', steps);
  const run = (step: number, code = 0) => {
    reporter.receive({type: 'began', step});
    reporter.receive({type: 'ended', step, reply: reply(code)});
  };
  return {...host, reporter, run};
}

/** Where things stand in the steps of `over`. */
const [CHECK_A, CHANGE_A, , CHANGE_B, HANDLER] = [0, 1, 2, 3, 4];

test('a change that succeeds is told with its commands and what it changed, and is counted', async (t) => {
  const {events, run, progress, reporter} = await over();
  run(CHANGE_A);
  t.deepEqual(told(events), ['task-started thing a', 'task-changed thing a']);
  const [started, changed] = events;
  t.like(started, {host: 'h1', play: 'play', commands: ['set a.']});
  t.like(changed, {action: 'update', diff: [{name: 'value', before: 'old', after: 'new'}]});
  t.true(changed?.type === 'task-changed' && changed.seconds >= 0 && changed.seconds < 5);
  t.deepEqual([progress.changed, progress.touched, reporter.failure, reporter.again], [1, true, undefined, undefined]);
});

test('a check tells nothing, whatever it says, and neither does the end of a script or a step that does not exist', async (t) => {
  const {events, run, reporter, progress} = await over();
  run(CHECK_A, 1);
  run(99);
  reporter.receive({type: 'finished'});
  reporter.print({step: CHECK_A, stream: 'stdout', text: 'x'});
  reporter.print({step: 99, stream: 'stdout', text: 'x'});
  t.deepEqual([events, progress.touched, reporter.failure], [[], false, undefined]);
});

test('a handler is told by its name, and after it anything may be different', async (t) => {
  const {events, run, progress} = await over();
  run(HANDLER);
  t.deepEqual(told(events), ['handler-started h', 'handler-ran h']);
  t.like(events[0], {commands: ['handle h.']});
  t.deepEqual([progress.changed, progress.touched], [0, true]);
  t.true(progress.affected.meets(['/etc/x']));
});

test('a change alone says nothing about what handlers may alter', async (t) => {
  const {run, progress} = await over();
  run(CHANGE_A);
  t.false(progress.affected.meets(['/etc/x']));
});

test('a line that is printed is told with the task or the handler that prints it', async (t) => {
  const {events, reporter} = await over();
  reporter.print({step: CHANGE_A, stream: 'stderr', text: 'one'});
  reporter.print({step: HANDLER, stream: 'stdout', text: 'two'});
  t.deepEqual(events, [
    {type: 'output', host: 'h1', play: 'play', task: 'thing a', stream: 'stderr', text: 'one'},
    {type: 'output', host: 'h1', play: 'play', task: 'handler h', stream: 'stdout', text: 'two'},
  ]);
});

test('a change that fails is kept as the failure, and is neither told as changed nor counted', async (t) => {
  const {events, run, reporter, progress} = await over();
  run(CHANGE_B, 3);
  t.deepEqual(told(events), ['task-started thing b']);
  t.like(reporter.failure?.failure, {reason: 'command-failed', task: 'thing b', play: 'play', exitCode: 3});
  t.is(progress.changed, 0);
});

test('a handler that fails is kept as the failure', async (t) => {
  const {events, run, reporter} = await over();
  run(HANDLER, 1);
  t.deepEqual(told(events), ['handler-started h']);
  t.like(reporter.failure?.failure, {reason: 'handler-failed', play: 'play', exitCode: 1});
});

test('a change that may be tried again is not a failure yet, and its step is known', async (t) => {
  const {events, run, reporter, progress} = await over({retries: 2});
  run(CHANGE_B, 1);
  t.deepEqual([reporter.failure, reporter.again], [undefined, CHANGE_B]);
  t.like(events[1], {type: 'task-retried', task: 'thing b', attempt: 1, attempts: 3});
  t.true(progress.touched);
});

test('a failure that the playbook ignores is told and excused, and the host continues', async (t) => {
  const {events, run, reporter, progress, entries} = await over({ignoreErrors: true});
  run(CHANGE_A, 1);
  t.deepEqual(told(events), ['task-started thing a', 'task-ignored thing a']);
  t.is(reporter.failure, undefined);
  const [a, b] = entries;
  t.deepEqual(
    [a, b].map((each) => each !== undefined && progress.excused.has(each.open.task)),
    [true, false],
  );
  t.true(progress.touched);
});

test('attempts come before ignoring', async (t) => {
  const {events, run, reporter} = await over({ignoreErrors: true, retries: 1});
  run(CHANGE_A, 1);
  t.is(reporter.again, CHANGE_A);
  t.is(events[1]?.type, 'task-retried');
});

test('a task may be tried as often again as its option says', async (t) => {
  const {entries} = await over({retries: 2});
  const [entry] = entries;
  if (!entry) throw new Error('no entry');
  t.deepEqual(
    [undefined, 0, 1, 2, 3].map((attempts) => mayTryAgain(attempts === undefined ? entry : {...entry, attempts})),
    [true, true, true, false, false],
  );
  const [never] = (await over()).entries;
  t.false(never !== undefined && mayTryAgain(never));
});
