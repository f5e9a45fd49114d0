import test from 'ava';
import type {HostPlan, PlannedHandler, PlannedTask, PlannedVerdict, Rollout} from '../../../src/model/index.js';
import {playsOf, reasonOf, renderHandler, renderPace, renderPlay} from '../../../src/renderers/plan/plan-play.js';

const CHANGE: PlannedVerdict = {type: 'change', action: 'update', diff: [], commands: []};
const UNKNOWN: PlannedVerdict = {type: 'unknown', because: 'not there yet'};
const UNCHANGED: PlannedVerdict = {type: 'unchanged'};

const task = (id: string, verdict: PlannedVerdict, more: Partial<PlannedTask> = {}): PlannedTask => ({
  ...{play: 'web', type: 'file', id, verdict},
  ...more,
});

const handler = (more: Partial<PlannedHandler> = {}): PlannedHandler => ({
  ...{play: 'web', id: 'reload nginx', command: 'systemctl reload nginx', because: 'change'},
  ...more,
});

const plan = (tasks: readonly PlannedTask[], more: Partial<HostPlan> = {}): HostPlan => ({
  ...{host: {name: 'web1', address: '192.0.2.1'}, tasks, handlers: []},
  ...more,
});

test('plays come in the order of their tasks; those with nothing to do are left out', (t) => {
  const tasks = [
    task('/same', UNCHANGED, {play: 'base'}),
    task('/a', CHANGE),
    task('/b', UNKNOWN, {play: 'db'}),
    task('/c', UNCHANGED),
  ];
  const plays = playsOf(plan(tasks, {handlers: [handler({play: 'lb'})]}));
  t.deepEqual(
    plays.map((each) => [each.play, each.tasks.map(({id}) => id).join(), each.handlers.length]),
    [
      ['web', '/a', 0],
      ['db', '/b', 0],
      ['lb', '', 1],
    ],
  );
});

test('a play has its own batches', (t) => {
  const rollouts = [{play: 'db', batches: [1, 1], maxFailures: 0}];
  const plays = playsOf(plan([task('/a', CHANGE), task('/b', CHANGE, {play: 'db'})], {rollouts}));
  t.deepEqual(
    plays.map(({rollout}) => rollout),
    [undefined, rollouts[0]],
  );
});

const PACES: readonly (readonly [readonly number[], number, string])[] = [
  [[5], 0, 'stops when a host fails'],
  [[5], 1, 'stops when more than 1 host fails'],
  [[5], 2, 'stops when more than 2 hosts fail'],
  [[], 0, 'stops when a host fails'],
  [[1, 1, 1], 0, '3 batches: 1 at a time; stops when a host fails'],
  [[2, 2, 1], 0, '3 batches: 2 at a time; stops when a host fails'],
  [[1, 5, 4], 0, '3 batches: 1 host first, then up to 5 at a time; stops when a host fails'],
  [[2, 3, 10], 3, '3 batches: 2 hosts first, then up to 10 at a time; stops when more than 3 hosts fail'],
];

for (const [batches, maxFailures, pace] of PACES) {
  test(`batches of ${batches.join(', ') || 'nothing'} with ${maxFailures} failures allowed: ${pace}`, (t) => {
    const rollout: Rollout = {play: 'web', batches, maxFailures};
    t.is(renderPace(rollout), pace);
  });
}

const notify = ['reload nginx'];

const REASONS: readonly (readonly [string, Partial<PlannedHandler>, readonly PlannedTask[], string])[] = [
  ['one change', {}, [task('/a', CHANGE, {notify})], 'because file /a changes'],
  [
    'several changes',
    {},
    [task('/a', CHANGE, {notify}), task('/b', CHANGE, {notify}), task('/c', CHANGE, {notify})],
    'because file /a and 2 more change',
  ],
  ['changes of others', {}, [task('/a', CHANGE), task('/b', CHANGE, {notify})], 'because file /b changes'],
  ['no task that is shown', {}, [], 'because the above changes'],
  ['what is known after apply', {because: 'known-after-apply'}, [task('/a', UNKNOWN, {notify})], 'if file /a changes'],
  [
    'what is known after apply, next to a change that does not count',
    {because: 'known-after-apply'},
    [task('/a', CHANGE, {notify}), task('/b', UNKNOWN, {notify})],
    'if file /b changes',
  ],
  ['an earlier run', {because: 'pending'}, [task('/a', CHANGE, {notify})], 'left over from an interrupted run'],
];

for (const [what, more, tasks, reason] of REASONS) {
  test(`a handler that runs for ${what} says: ${reason}`, (t) => t.is(reasonOf(handler(more), tasks), reason));
}

test('a handler shows its commands only where these are asked for, with what runs in its place', (t) => {
  const short = renderHandler(handler(), [], 80).map(String);
  t.deepEqual(short, ['→ reload nginx (because the above changes)']);
  const whole = renderHandler(handler({recover: 'systemctl restart nginx'}), [], 80, 'commands').map(String);
  t.deepEqual(whole, [
    ...short,
    '  $ systemctl reload nginx',
    '  if it fails, after the old files are restored:',
    '  $ systemctl restart nginx',
  ]);
});

test('a play is its name, its pace, its tasks and its handlers, indented below each other', (t) => {
  const [only] = playsOf(
    plan([task('/a', CHANGE, {notify})], {
      handlers: [handler()],
      rollouts: [{play: 'web', batches: [1, 1], maxFailures: 0}],
    }),
  );
  t.deepEqual(only && renderPlay(only, 80).map(String), [
    '  play web',
    '    2 batches: 1 at a time; stops when a host fails',
    '    ~ file /a',
    '    → reload nginx (because file /a changes)',
  ]);
});
