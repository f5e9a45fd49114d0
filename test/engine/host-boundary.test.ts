import test from 'ava';
import {failureOf, hostErrorOf} from '../../src/engine/host-boundary.js';
import {HostError, InputError, Refusal, UnreadableReply} from '../../src/model/index.js';

const TASK = {
  type: 'service',
  id: 'nginx',
  at: {file: '/p/site.ts', line: 3, column: 5},
};
const PLACE = {play: 'web', task: TASK};

test('whatever is thrown becomes a failure of the host, with play, task and line', (t) => {
  const hostile = {
    toString() {
      throw new Error('no');
    },
  };
  const thrown = [
    new TypeError('x is undefined'),
    'a text',
    undefined,
    null,
    7,
    hostile,
    Object.create(null),
    Symbol('s'),
  ];
  for (const each of thrown) {
    const error = hostErrorOf(each, PLACE);
    t.like(error.failure, {reason: 'code-failed', play: 'web', task: 'service nginx'});
    t.is(typeof error.failure.message, 'string');
    t.is(error.cause, each);
  }
});

test('a failure of code names its line in the files of the user, and else the line of the task; it has its stack', (t) => {
  const error = new TypeError('x is undefined');
  error.stack = 'TypeError: x is undefined\n    at parse (file:///p/tasks/mine.ts:12:7)\n    at file:///p/site.ts:1:1';
  t.like(failureOf(error, PLACE), {
    at: {file: '/p/tasks/mine.ts', line: 12, column: 7},
    stack: error.stack,
  });
  error.stack = 'TypeError: x is undefined\n    at node:internal/x:1:1';
  t.deepEqual(failureOf(error, PLACE).at, TASK.at);
});

test('failures that are known stay what they are', (t) => {
  const known = new HostError({
    reason: 'locked',
    message: 'taken',
    task: 'file /x',
  });
  t.is(failureOf(known).message, 'taken');
  t.deepEqual(failureOf(known, PLACE), {
    reason: 'locked',
    message: 'taken',
    task: 'file /x',
    play: 'web',
    at: TASK.at,
  });
  t.like(failureOf(new UnreadableReply('no number')), {
    reason: 'probe-failed',
    message: 'the present state cannot be read: no number',
  });
  t.like(failureOf(new Refusal('in use', 'Stop it.')), {
    reason: 'probe-failed',
    message: 'in use',
    hint: 'Stop it.',
  });
  const at = {file: '/p/roles/a.ts', line: 1, column: 1};
  const input = new InputError([{message: 'no port', at, hint: 'Set one.'}, {message: 'no name'}]);
  t.deepEqual(failureOf(input), {
    reason: 'input-refused',
    message: 'no port; no name',
    hint: 'Set one.',
    at,
  });
});

test('a message that quotes megabytes of a host is cut', (t) => {
  t.true(failureOf(new Error('x'.repeat(1e6))).message.length < 2000);
});

test('of megabytes that a host said a failure tells a part', (t) => {
  const said = 'word '.repeat(1_000_000);
  const errors = [
    new UnreadableReply(said),
    new Refusal(said, 'Fix it.'),
    new HostError({reason: 'locked', message: said, output: said}),
  ];
  for (const error of errors) {
    const {message, output = ''} = failureOf(error);
    t.true(message.length < 1200);
    t.true(output.length <= 4000);
  }
});
