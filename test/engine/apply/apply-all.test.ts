import test from 'ava';
import {verifyHost, verifyPlay} from '../../../src/engine/apply/apply-all.js';
import {type Failure, HostError, play} from '../../../src/model/index.js';
import {
  applyOver,
  type Given,
  handler,
  handles,
  pending,
  progressOver,
  reads,
  type Scene,
  STATE,
  sets,
  thing,
  told,
} from '../scene.js';

const changed = [reads('a', 'old', 2), reads('a', 'new'), sets('a')];
const failing = [reads('a', 'old'), sets('a', {code: 1})];
const idle = [reads('a', 'new')];
const items = [thing({name: 'a'})];

/** What was told of one host, without what it is about. */
const typesOf = ({events}: Scene, name: string) => events.flatMap(({host, type}) => (host === name ? type : []));

const DONE = ['play-started', 'task-started', 'task-changed', 'play-finished', 'host-verified', 'host-finished'];

test('a host is taken, changed, verified and finished, in this order', async (t) => {
  const scene = await applyOver({items, answers: changed});
  t.deepEqual(typesOf(scene, 'h1'), DONE);
  t.deepEqual(scene.scripts(), ['lock', 'read a, set a', 'read a, state']);
  t.like(scene.events.at(-1), {changed: 1});
});

test('a host with nothing to do is neither taken nor verified, and is finished', async (t) => {
  const scene = await applyOver({items, answers: idle});
  t.deepEqual([scene.scripts(), typesOf(scene, 'h1')], [[], ['host-finished']]);
  t.like(scene.events.at(-1), {changed: 0});
});

test('a host that fails stops alone, and is finished too', async (t) => {
  const scene = await applyOver({items, answers: {h1: failing, h2: changed}});
  t.deepEqual(typesOf(scene, 'h1').slice(-2), ['host-failed', 'host-finished']);
  t.deepEqual(typesOf(scene, 'h2'), DONE);
  t.deepEqual(
    [...scene.failures].map(([name, {reason}]) => `${name} ${reason}`),
    ['h1 command-failed'],
  );
});

test('a host that could not be planned is left alone', async (t) => {
  const scene = await applyOver({items, answers: {h1: [reads('a', '!')], h2: changed}});
  t.deepEqual(typesOf(scene, 'h1'), []);
  t.deepEqual(typesOf(scene, 'h2'), DONE);
});

test('what is not as desired after all is said so', async (t) => {
  const scene = await applyOver({items, answers: [reads('a', 'old'), sets('a')]});
  t.is(scene.failures.get('h1')?.reason, 'not-converged');
  t.deepEqual(typesOf(scene, 'h1').slice(-2), ['host-failed', 'host-finished']);
  t.like(scene.events.at(-1), {changed: 1});
});

test('a run whose hosts are taken by another one changes nothing', async (t) => {
  const held = {to: 'flock -n 9', code: 75, stdout: 'her\nmachine 1 2 run-0 h1\n'};
  const scene = await applyOver({
    items,
    answers: {h1: [held, ...changed], h2: [...changed, {to: 'flock -n 9'}, {to: 'exec 9>&-'}]},
  });
  t.deepEqual(
    [...scene.failures.values()].map(({reason}) => reason),
    ['locked', 'locked'],
  );
  t.false(scene.scripts().some((script) => script.includes('set')));
});

test('of a host that another run has had since, everything is asked again, and nothing is excused', async (t) => {
  const touched = [{to: 'flock -n 9', stdout: 'who\nmachine 1 2 run-9 h1\n'}];
  const two = [thing({name: 'a'}), thing({name: 'b'})];
  const same = await applyOver({items: two, answers: [...touched, reads('b', 'new'), ...changed]});
  t.deepEqual(same.scripts(), ['lock', 'read a, set a, read b', 'read a, read b, state']);
  const other = await applyOver({
    items: two,
    answers: [...touched, reads('b', 'new', 1), reads('b', 'old'), ...changed],
  });
  t.like(other.failures.get('h1'), {reason: 'exceeds-plan', task: 'thing b'});
});

const plays = [
  play('database', {hosts: 'h1'}, [thing({name: 'a'})]),
  play('web', {hosts: 'h2', needs: ['database']}, [thing({name: 'a'})]),
];

test('a play waits for the plays that it needs, and then asks again what they may have altered', async (t) => {
  const scene = await applyOver({plays, answers: {h1: changed, h2: changed}});
  const order = scene.events.flatMap((event) =>
    'play' in event && /play-/.test(event.type) ? `${event.type} ${event.host}` : [],
  );
  t.deepEqual(order, ['play-started h1', 'play-finished h1', 'play-started h2', 'play-finished h2']);
});

test('a play that needs one which failed everywhere is not begun; where it has nothing to do that does not count as a failure', async (t) => {
  const scene = await applyOver({plays, answers: {h1: failing, h2: changed}});
  t.is(scene.failures.get('h2')?.reason, 'needs-failed');
  t.false(scene.scripts().some((script) => script.startsWith('h2: read a, set a')));
  t.deepEqual([...(await applyOver({plays, answers: {h1: failing, h2: idle}})).failures.keys()], ['h1']);
});

const serial = (answers: Given['answers']) =>
  applyOver({plays: [play('web', {hosts: 'all', serial: 1}, [thing({name: 'a'})])], answers});

test('in batches a host begins when the one before was changed and verified', async (t) => {
  const {failures, scripts} = await serial({h1: changed, h2: changed});
  t.is(failures.size, 0);
  const own = scripts().filter((script) => !script.endsWith('lock'));
  t.deepEqual(own.slice(0, 2), ['read a, set a', 'read a, state']);
  t.true(own.indexOf('h2: read a, set a') > 1);
});

test('in batches a host that is not as desired afterwards keeps the next from beginning', async (t) => {
  const {failures} = await serial({h1: [reads('a', 'old'), sets('a')], h2: changed});
  t.deepEqual(
    [...failures].map(([name, {reason}]) => `${name} ${reason}`),
    ['h1 not-converged', 'h2 too-many-failures'],
  );
});

test('a stop lets the change that runs end; what waits is interrupted, which does not count as a failure', async (t) => {
  const stopping = new AbortController();
  const scene = await applyOver({
    plays,
    answers: {h1: [...changed.slice(0, 2), sets('a', {seconds: 0.1})], h2: changed},
    control: {stop: stopping.signal},
    onEvent: ({type}) => type === 'task-started' && stopping.abort(),
  });
  t.deepEqual(typesOf(scene, 'h2').slice(-2), ['host-interrupted', 'host-finished']);
  t.false(typesOf(scene, 'h2').includes('task-started'));
  t.is(scene.failures.size, 0);
  t.true(told(scene.events).includes('task-changed thing a'));
});

test('a stop before anything is taken interrupts every host', async (t) => {
  const scene = await applyOver({items, answers: {h1: changed, h2: changed}, control: {stop: AbortSignal.abort()}});
  for (const name of ['h1', 'h2']) t.deepEqual(typesOf(scene, name), ['host-interrupted', 'host-finished']);
  t.deepEqual(scene.scripts(), []);
});

test('after a stop a lost connection does not count as a failure; without one it does', async (t) => {
  const instead = {reason: 'connection-lost', message: 'lost'} as const;
  const answers = [reads('a', 'old'), sets('a', {instead, seconds: 0.05})];
  t.is((await applyOver({items, answers})).failures.get('h1')?.reason, 'connection-lost');
  const stopping = new AbortController();
  const onEvent = ({type}: {type: string}) => type === 'task-started' && stopping.abort();
  const stopped = await applyOver({items, answers, control: {stop: stopping.signal}, onEvent});
  t.deepEqual(typesOf(stopped, 'h1').slice(-2), ['host-interrupted', 'host-finished']);
});

test('a saved plan is noted on its host before the first change, and once', async (t) => {
  const READ = {to: '[ ! -e /var/lib/infra/plans/p1 ]'};
  const NOTE = {to: 'mkdir -p /var/lib/infra/plans'};
  const given = (read: object): Given => ({
    items,
    answers: [...changed, {...READ, ...read}, NOTE],
    control: {plan: 'p1'},
  });
  const first = await applyOver(given({}));
  t.is(first.failures.size, 0);
  t.is(
    first.scripts().findIndex((script) => script.includes('set a')),
    3,
  );
  const second = await applyOver(given({stdout: 'on monday by her\n'}));
  t.is(second.failures.get('h1')?.reason, 'already-applied');
  t.false(second.scripts().some((script) => script.includes('set a')));
});

test('hosts on which others have something done are taken with them, and tell nothing themselves', async (t) => {
  const delegating = [thing({name: 'a', delegateTo: 'other', notify: handler('h')})];
  const own = [handles('h'), {to: 'mkdir -p /var/lib/infra/pending'}];
  const scene = await applyOver({items: delegating, limit: ['h1'], answers: {h1: own, other: changed}});
  t.is(scene.failures.size, 0);
  t.deepEqual(scene.scripts().slice(0, 2).toSorted(), ['lock', 'other: lock']);
  t.true(scene.events.every(({host}) => host === 'h1'));
  const held = {to: 'flock -n 9', code: 75, stdout: 'her\nmachine 1 2 run-0 other\n'};
  const refused = await applyOver({
    items: delegating,
    limit: ['h1'],
    answers: {h1: [...own, {to: 'flock -n 9'}, {to: 'exec 9>&-'}], other: [held, ...changed]},
  });
  t.is(refused.failures.get('h1')?.reason, 'locked');
});

test('a handler that is left from an earlier run makes a host one with changes', async (t) => {
  const left = {...STATE, stdout: 'h handle h.\n', times: 1};
  const scene = await applyOver({
    items: [thing({name: 'a', notify: handler('h')})],
    answers: [left, ...idle, handles('h')],
  });
  t.deepEqual(scene.scripts(), ['lock', 'handle h', 'read a, state']);
  t.is(scene.failures.size, 0);
});

/** What verifying comes to: the failure, or undefined. `excused`: names of tasks. */
async function verified(given: Given, {excused = [], only}: {excused?: readonly string[]; only?: string} = {}) {
  const scene = await progressOver(given);
  for (const {task} of scene.run.judged.tasks) if (excused.includes(task.id)) scene.progress.excused.add(task);
  const verifying = only === undefined ? verifyHost(scene.progress) : verifyPlay(scene.progress, only);
  const failure: Failure | undefined = await verifying.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof HostError) return error.failure;
      throw error;
    },
  );
  return {failure, events: told(scene.events), scripts: scene.scripts()};
}

test('a host that is as desired is verified with one script, and that is reported', async (t) => {
  const {failure, events, scripts} = await verified({
    items: [thing({name: 'a'}), thing({name: 'b'})],
    answers: [reads('a', 'old', 1), reads('a', 'new'), reads('b', 'new')],
  });
  t.deepEqual([failure, events, scripts], [undefined, ['host-verified h1'], ['read a, read b, state']]);
});

test('what still differs is named, the first with its line', async (t) => {
  const {failure, events} = await verified({
    items: [thing({name: 'a'}), thing({name: 'b'}), thing({name: 'c'})],
    answers: [reads('a', 'new'), reads('b', 'old'), reads('c', 'old')],
  });
  t.like(failure, {reason: 'not-converged', task: 'thing b'});
  t.regex(failure?.message ?? '', /: thing b, thing c$/);
  t.true(failure?.at?.file.endsWith('apply-all.test.ts'));
  t.deepEqual(events, []);
});

test('a task that changes something each time, one whose failure is ignored and one that was declined are not faults', async (t) => {
  const items = [thing({name: 'a', always: true}), thing({name: 'b'})];
  const answers = [reads('a', 'old'), reads('b', 'old')];
  t.is((await verified({items, answers}, {excused: ['b']})).failure, undefined);
  t.regex((await verified({items, answers})).failure?.message ?? '', /: thing b$/);
});

test('a handler that is still due is a fault', async (t) => {
  const {failure} = await verified({
    items: [thing({name: 'a', notify: handler('h')})],
    answers: [reads('a', 'new'), {...STATE, times: 1}, pending('h')],
  });
  t.like(failure, {reason: 'not-converged'});
  t.regex(failure?.message ?? '', /: handler h$/);
});

test('what can no longer be read fails as such', async (t) => {
  const {failure} = await verified({
    items: [thing({name: 'a'})],
    answers: [reads('a', 'new', 1), reads('a', '!')],
  });
  t.like(failure, {reason: 'probe-failed', task: 'thing a', play: 'play'});
});

test('one play is verified without the others, and tells nothing', async (t) => {
  const plays = [
    play('play', {hosts: 'all'}, [thing({name: 'a'})]),
    play('later', {hosts: 'all'}, [thing({name: 'b'})]),
  ];
  const answers = [reads('a', 'new'), reads('b', 'old')];
  const {failure, events, scripts} = await verified({plays, answers}, {only: 'play'});
  t.deepEqual([failure, events, scripts], [undefined, [], ['read a, state']]);
  t.is((await verified({plays, answers}, {only: 'later'})).failure?.reason, 'not-converged');
});
