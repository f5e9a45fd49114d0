import test from 'ava';
import {applyPlay, declinedChange} from '../../../src/engine/apply/apply-play.js';
import {type ChangeToConfirm, Interrupted} from '../../../src/engine/host-run.js';
import {HostError, taskName} from '../../../src/model/index.js';
import {
  applyOver,
  type Given,
  handler,
  handles,
  nameOf,
  pending,
  planOver,
  progressOver,
  reads,
  sets,
  stepsFor,
  thing,
  told,
} from '../scene.js';

const notify = handler('h');

/** Applies the only play of the only host; the failure that it rejected with. */
async function applied(given: Given) {
  const scene = await progressOver(given);
  const error: unknown = await applyPlay(scene.progress, 'play').catch((thrown: unknown) => thrown);
  if (error !== undefined && !(error instanceof HostError) && !(error instanceof Interrupted)) throw error;
  return {...scene, error, failure: error instanceof HostError ? error.failure : undefined};
}

test('a play checks, changes and runs its handlers in one script, and tells of each as it happens', async (t) => {
  const {events, scripts, progress, failure} = await applied({
    items: [thing({name: 'a', notify}), thing({name: 'b'}), thing({name: 'c', notify})],
    answers: [reads('a', 'old'), reads('b', 'new'), reads('c', ''), handles('h'), sets('a'), sets('c')],
  });
  t.is(failure, undefined);
  t.deepEqual(scripts(), ['read a, note+set a, read c, note+set c, handle h']);
  t.deepEqual(told(events), [
    'play-started h1',
    'task-started thing a',
    'task-changed thing a',
    'task-started thing c',
    'task-changed thing c',
    'handler-started h',
    'handler-ran h',
    'play-finished h1',
  ]);
  const actions = events.flatMap((event) => (event.type === 'task-changed' ? event.action : []));
  t.deepEqual(actions, ['update', 'create']);
  t.like(progress, {changed: 2, touched: true});
  // Nobody knows what a handler alters.
  t.true(progress.affected.meets(['thing:unheard-of']));
});

test('a play with nothing to do sends nothing and tells nothing', async (t) => {
  const {events, scripts, progress} = await applied({
    items: [thing({name: 'a', notify})],
    answers: [reads('a', 'new')],
  });
  t.deepEqual([scripts(), events, progress.touched], [[], [], false]);
});

test('a handler that an earlier run has left is run, though nothing changes', async (t) => {
  const {events, scripts} = await applied({
    items: [thing({name: 'a', notify})],
    answers: [pending('h'), reads('a', 'new'), handles('h')],
  });
  t.deepEqual(scripts(), ['handle h']);
  t.deepEqual(told(events), ['play-started h1', 'handler-started h', 'handler-ran h', 'play-finished h1']);
});

test('a change that fails ends the play: nothing after it is done, and its handlers stay due', async (t) => {
  const {events, scripts, failure, progress} = await applied({
    items: [thing({name: 'a', notify}), thing({name: 'b'}), thing({name: 'c'})],
    answers: [reads('a', 'old'), reads('b', 'old'), reads('c', 'old'), sets('a'), sets('b', {code: 3, stderr: 'no\n'})],
  });
  t.like(failure, {reason: 'command-failed', task: 'thing b', play: 'play', exitCode: 3, output: 'no'});
  t.regex(failure?.command ?? '', /^set b\.$/);
  t.deepEqual(scripts(), ['read a, note+set a, read b, set b']);
  t.deepEqual(told(events).slice(-2), ['task-changed thing a', 'task-started thing b']);
  t.like(progress, {changed: 1, touched: true});
});

test('a change that fails and may be tried again is asked first, and made again', async (t) => {
  const {events, scripts, failure} = await applied({
    items: [thing({name: 'a', retries: 2, delay: 0}), thing({name: 'b'})],
    answers: [reads('a', 'old'), reads('b', 'old'), sets('a', {code: 1, times: 2}), sets('a'), sets('b')],
  });
  t.is(failure, undefined);
  // A question alone, then the attempt without another check: it was asked just now.
  t.deepEqual(scripts(), ['read a, set a', 'read a', 'set a', 'read a', 'set a', 'read b, set b']);
  const attempts = events.flatMap((event) => (event.type === 'task-retried' ? [[event.attempt, event.attempts]] : []));
  t.deepEqual(attempts, [
    [1, 3],
    [2, 3],
  ]);
});

test('a change that fails once more than it may be tried fails the host', async (t) => {
  const {failure, scripts} = await applied({
    items: [thing({name: 'a', retries: 1, delay: 0})],
    answers: [reads('a', 'old'), sets('a', {code: 1, stderr: 'busy'})],
  });
  t.like(failure, {reason: 'command-failed', output: 'busy', task: 'thing a'});
  t.deepEqual(scripts(), ['read a, set a', 'read a', 'set a']);
});

test('what a failed attempt has brought about is not tried again', async (t) => {
  const {events, scripts, failure} = await applied({
    items: [thing({name: 'a', retries: 1, delay: 0})],
    answers: [reads('a', 'old', 2), reads('a', 'new'), sets('a', {code: 1})],
  });
  t.is(failure, undefined);
  t.deepEqual(scripts(), ['read a, set a', 'read a']);
  t.true(told(events).includes('task-unchanged thing a'));
});

test('an attempt counts as failed until what it prints is what the task waits for', async (t) => {
  const {failure, scripts} = await applied({
    items: [thing({name: 'a', until: ({stdout}) => stdout === 'up', retries: 1, delay: 0})],
    answers: [reads('a', 'old'), sets('a', {stdout: 'down', times: 1}), sets('a', {stdout: 'up'})],
  });
  t.is(failure, undefined);
  t.deepEqual(scripts(), ['read a, set a', 'read a', 'set a']);
});

test('a failure that the playbook ignores is reported, excused, and the play goes on with its handlers', async (t) => {
  const {events, failure, progress} = await applied({
    items: [thing({name: 'a', ignoreErrors: true, notify}), thing({name: 'b'})],
    answers: [reads('a', 'old'), reads('b', 'old'), sets('a', {code: 1}), sets('b'), handles('h')],
  });
  t.is(failure, undefined);
  t.deepEqual(told(events).slice(1, -1), [
    'task-started thing a',
    'task-ignored thing a',
    'task-started thing b',
    'task-changed thing b',
    'handler-started h',
    'handler-ran h',
  ]);
  t.deepEqual([...progress.excused].map(taskName), ['thing a']);
  t.is(progress.changed, 1);
});

test('what is known only after an earlier change is asked behind it, and done', async (t) => {
  const {events, scripts, failure} = await applied({
    items: [thing({name: 'a', affects: ['*']}), thing({name: 'b'}), thing({name: 'c'})],
    answers: [
      reads('a', 'old'),
      reads('b', '?', 1),
      reads('b', 'old'),
      reads('c', '?', 1),
      reads('c', 'new'),
      sets('a'),
      sets('b'),
    ],
  });
  t.is(failure, undefined);
  t.deepEqual(scripts(), ['read a, set a, read b, read c', 'read b, set b, read c']);
  t.deepEqual(told(events).slice(1, -1), [
    'task-started thing a',
    'task-changed thing a',
    'task-unchanged thing c',
    'task-started thing b',
    'task-changed thing b',
  ]);
});

test('a delegated task is read and done on its host, and what it notifies runs on its own', async (t) => {
  const items = [thing({name: 'a', delegateTo: 'other', notify}), thing({name: 'b'})];
  const scene = await progressOver({
    items,
    limit: ['h1'],
    answers: {
      h1: [reads('b', 'old'), sets('b'), handles('h'), {to: 'mkdir -p /var/lib/infra/pending'}],
      other: [reads('a', 'old'), sets('a')],
    },
  });
  await applyPlay(scene.progress, 'play');
  t.deepEqual(scene.scripts(), ['note', 'other: read a, set a', 'read b, set b, handle h']);
});

test('a stop in the pause before another attempt interrupts the play', async (t) => {
  const stopping = new AbortController();
  const {error, scripts} = await applied({
    items: [thing({name: 'a', retries: 1, delay: 60})],
    answers: [reads('a', 'old'), sets('a', {code: 1})],
    control: {stop: stopping.signal},
    onEvent: ({type}) => type === 'task-retried' && setTimeout(() => stopping.abort(), 10),
  });
  t.true(error instanceof Interrupted);
  t.deepEqual(scripts(), ['read a, set a']);
});

test('a change that the user declines is left out, and what is agreed to is done one at a time', async (t) => {
  const asked: string[] = [];
  const {events, scripts} = await applied({
    items: [thing({name: 'a', notify}), thing({name: 'b', notify}), thing({name: 'c'})],
    answers: [reads('a', 'old'), reads('b', 'old'), reads('c', 'old'), sets('a'), sets('c'), handles('h')],
    control: {
      confirm: async ({task, action}) => {
        asked.push(`${task} ${action}`);
        return task !== 'thing b';
      },
    },
  });
  t.deepEqual(asked, ['thing a update', 'thing b update', 'thing c update']);
  t.deepEqual(scripts(), ['read a, note+set a', 'read c, set c', 'handle h']);
  t.true(told(events).includes('task-declined thing b'));
});

test('of a play that the plan does not have nothing is taken for granted', async (t) => {
  const {planned, control} = await planOver({items: [thing({name: 'a'})], answers: [reads('a', 'old')]});
  const [one] = planned;
  if (!one?.run) return t.fail();
  const {run} = one;
  const wrong = {...run, judged: {...run.judged, tasks: []}};
  const {progress} = await progressOver({items: [thing({name: 'a'})], answers: [reads('a', 'old')]});
  await t.throwsAsync(applyPlay({...progress, run: wrong, control}, 'play'), {message: /does not fit its play play/});
});

test('a task that comes to be as desired by itself is reported as unchanged, and notifies nobody', async (t) => {
  const {events, failures, scripts} = await applyOver({
    items: [thing({name: 'a', notify}), thing({name: 'b'})],
    answers: [reads('a', 'old', 1), reads('a', 'new'), reads('b', 'old', 2), reads('b', 'new'), sets('b')],
  });
  t.deepEqual([...failures], []);
  t.false(told(events).some((each) => each.startsWith('handler')));
  t.deepEqual(scripts(), ['lock', 'read a', 'read b, set b', 'read a, read b, state']);
});

/** What becomes of the first change of a segment when the one who is asked says so. */
async function ask(answer: boolean | undefined, stdout = 'old') {
  const asked: ChangeToConfirm[] = [];
  const confirm = async (change: ChangeToConfirm) => {
    asked.push(change);
    return answer === true;
  };
  const scene = await progressOver({
    items: [thing({name: 'a'}), thing({name: 'b'})],
    answers: [reads('a', stdout), reads('b', 'old')],
    control: answer === undefined ? {} : {confirm},
  });
  const steps = stepsFor(scene.entries, true);
  const declined = await declinedChange(scene.progress, 'play', {steps, through: 2});
  return {...scene, asked, declined};
}

test('where nobody is to be asked, everything is agreed to', async (t) => {
  const {declined, events} = await ask(undefined);
  t.deepEqual([declined, events], [undefined, []]);
});

test('a change is named as the plan names it, and agreed to', async (t) => {
  const {asked, declined, progress} = await ask(true);
  t.deepEqual(asked, [{host: 'h1', play: 'play', task: 'thing a', action: 'update'}]);
  t.deepEqual([declined, progress.excused.size], [undefined, 0]);
  t.is((await ask(true, '')).asked[0]?.action, 'create');
});

test('a change that is declined is reported, and is not a fault at the end', async (t) => {
  const {declined, progress, events} = await ask(false);
  t.is(declined && nameOf(declined), 'thing a');
  t.deepEqual([...progress.excused].map(taskName), ['thing a']);
  t.deepEqual(told(events), ['task-declined thing a']);
});

test('nobody is asked about questions', async (t) => {
  const {progress, entries} = await ask(undefined);
  const asking = {...progress, control: {...progress.control, confirm: () => Promise.reject(new Error('asked'))}};
  const steps = entries.map((entry) => ({type: 'probe', entry}) as const);
  t.is(await declinedChange(asking, 'play', {steps, through: 0}), undefined);
});
