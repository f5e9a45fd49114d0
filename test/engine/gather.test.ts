import test from 'ava';
import {gather} from '../../src/engine/gather.js';
import {HostError, UnreadableReply} from '../../src/model/index.js';
import {type Given, pending, progressOver, reads, STATE, thing} from './scene.js';

async function gathered(given: Given) {
  const {run, scripts} = await progressOver(given);
  return {gathering: gather(run, run.plays), scripts};
}

const LOST = {reason: 'connection-lost', message: 'lost'} as const;

test('everything about a host is asked in one script, and what earlier runs have left with it', async (t) => {
  const {gathering, scripts} = await gathered({
    items: [thing({name: 'a'}), thing({name: 'b'})],
    answers: [
      reads('a', 'one'),
      {to: 'read b.', code: 3},
      {...STATE, times: 1},
      {...STATE, stdout: 'h handle h.\n. machine 1 2 run-0\n'},
    ],
  });
  const {replies, pending: left, lastRun} = await gathering;
  t.deepEqual(
    replies.map((reply) => [reply?.code, reply?.stdout]),
    [
      [0, 'one'],
      [3, ''],
    ],
  );
  t.deepEqual(left, [{id: 'h', command: 'handle h.'}]);
  t.is(lastRun, 'machine 1 2 run-0');
  t.deepEqual(scripts(), ['read a, read b, state']);
});

test('delegated tasks are asked on their host, and their replies stand in their places', async (t) => {
  const {gathering, scripts} = await gathered({
    items: [thing({name: 'a'}), thing({name: 'b', delegateTo: 'other'}), thing({name: 'c'})],
    limit: ['h1'],
    answers: {h1: [reads('a', 'one'), reads('c', 'three')], other: [reads('b', 'two')]},
  });
  t.deepEqual(
    (await gathering).replies.map((reply) => reply?.stdout),
    ['one', 'two', 'three'],
  );
  t.deepEqual(scripts(), ['read a, read c, state', 'other: read b']);
});

test('a host that does not say what earlier runs have left is not planned: a handler might be forgotten', async (t) => {
  const {gathering} = await gathered({
    items: [],
    answers: [
      {...STATE, times: 1},
      {...STATE, code: 1},
    ],
  });
  await t.throwsAsync(gathering, {instanceOf: UnreadableReply});
});

test('a host that says nothing, or is lost on the way, is a failure of its own', async (t) => {
  for (const [instead, reason] of [
    ['silence', 'timed-out'],
    [LOST, 'connection-lost'],
  ] as const) {
    const {gathering} = await gathered({
      items: [thing({name: 'a'})],
      answers: [reads('a', 'one', 1), {to: 'read a.', instead}],
    });
    const {failure} = await t.throwsAsync(gathering, {instanceOf: HostError});
    t.is(failure.reason, reason);
  }
});

test('handlers that are left over are planned where a task notifies them, and told where none does', async (t) => {
  const {run} = await progressOver({items: [thing({name: 'a'})], answers: [pending('h'), reads('a', 'new')]});
  t.deepEqual(run.judged.leftOver, [{id: 'h', command: 'handle h.'}]);
});
