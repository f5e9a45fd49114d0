import test from 'ava';
import {verifyHost, verifyPlay} from '../../src/engine/verify.js';
import {type Failure, HostError, play} from '../../src/model/index.js';
import {type Given, handler, pending, progressOver, reads, STATE, thing, told} from './scene.js';

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

test('a host that is as desired is verified with one script, and that is told', async (t) => {
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
  t.true(failure?.at?.file.endsWith('verify.test.ts'));
  t.deepEqual(events, []);
});

test('a task that changes something each time, one whose failure is ignored and one that was declined are no fault', async (t) => {
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

test('what cannot be read any more fails as such', async (t) => {
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
