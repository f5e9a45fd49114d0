import test from 'ava';
import {actionOf, failedTasks, hasChanges, type PlannedVerdict} from '../../../src/model/plan/plan.js';

const failure = {reason: 'probe-failed', message: 'No.'} as const;

const VERDICTS = {
  unchanged: {type: 'unchanged'},
  unknown: {type: 'unknown', because: 'not there yet'},
  failed: {type: 'failed', failure},
  change: {type: 'change', action: 'delete', diff: [], commands: []},
} as const satisfies Readonly<Record<string, PlannedVerdict>>;

const task = (verdict: PlannedVerdict) => ({verdict});

const handler = {play: 'web', id: 'reload', command: 'true', because: 'pending'} as const;

test('a verdict in a word is the action of a change, and else its type', (t) => {
  t.deepEqual(
    Object.values(VERDICTS).map((verdict) => actionOf(verdict)),
    ['unchanged', 'unknown', 'failed', 'delete'],
  );
});

test('failures of tasks come in the order of the tasks, and no other verdict has one', (t) => {
  const other = {...failure, message: 'Nor this.'};
  const tasks = [VERDICTS.change, VERDICTS.failed, VERDICTS.unknown, {type: 'failed', failure: other} as const];
  t.deepEqual(failedTasks({tasks: tasks.map(task)}), [failure, other]);
  t.deepEqual(failedTasks({tasks: []}), []);
});

const CHANGES: readonly (readonly [string, Parameters<typeof hasChanges>[0], boolean])[] = [
  ['a host without tasks', {tasks: [], handlers: []}, false],
  ['a host that is as desired', {tasks: [task(VERDICTS.unchanged)], handlers: []}, false],
  ['a host with a change', {tasks: [task(VERDICTS.unchanged), task(VERDICTS.change)], handlers: []}, true],
  ['a host of which something is known after apply', {tasks: [task(VERDICTS.unknown)], handlers: []}, true],
  ['a host with a handler that is due', {tasks: [], handlers: [handler]}, true],
  ['a host that failed', {tasks: [task(VERDICTS.change)], handlers: [handler], failure}, false],
];

for (const [what, host, changes] of CHANGES) {
  test(`${what} ${changes ? 'has' : 'does not have'} changes`, (t) => t.is(hasChanges(host), changes));
}
