import test from 'ava';
import fc from 'fast-check';
import type {Action, HostPlan, Plan, PlannedVerdict} from '../../../src/model/index.js';
import {countPlan, renderCounts} from '../../../src/renderers/plan/plan-counts.js';

const failure = {reason: 'unreachable', message: 'no answer'} as const;

const VERDICTS: Readonly<Record<Action | Exclude<PlannedVerdict['type'], 'change'>, PlannedVerdict>> = {
  create: {type: 'change', action: 'create', diff: [], commands: []},
  update: {type: 'change', action: 'update', diff: [], commands: []},
  delete: {type: 'change', action: 'delete', diff: [], commands: []},
  run: {type: 'change', action: 'run', diff: [], commands: []},
  unknown: {type: 'unknown', because: 'x'},
  unchanged: {type: 'unchanged'},
  failed: {type: 'failed', failure},
};

type Kind = keyof typeof VERDICTS;

function host(kinds: readonly Kind[], more: Partial<HostPlan> = {}): HostPlan {
  const tasks = kinds.map((kind, index) => ({play: 'web', type: 'file', id: `/${index}`, verdict: VERDICTS[kind]}));
  return {host: {name: 'web1', address: '192.0.2.1'}, tasks, handlers: [], ...more};
}

const planOf = (...hosts: readonly HostPlan[]): Plan => ({playbook: 'site', hosts});

const line = (plan: Plan, width = 200) => String(renderCounts(plan, width));

const handlers = [{play: 'web', id: 'reload', command: 'true', because: 'change'}] as const;
const skipped = [{play: 'web', type: 'file', id: '/s', because: 'tags'}] as const;

test('tasks are counted over all hosts, by action', (t) => {
  const plan = planOf(
    host(['create', 'update', 'update'], {handlers, skipped}),
    host(['delete', 'run', 'unknown', 'unchanged']),
  );
  t.deepEqual(countPlan(plan), {
    ...{create: 1, update: 2, delete: 1, run: 1, unknown: 1, unchanged: 1},
    ...{handlers: 1, skipped: 1, failed: 0},
  });
});

test('a host that could not be planned counts as such, and nothing on it does', (t) => {
  const plan = planOf(host(['create', 'failed'], {failure, handlers, skipped}), host(['update']));
  t.like(countPlan(plan), {create: 0, update: 1, handlers: 0, skipped: 0, failed: 1});
});

test('an empty plan has zeros', (t) => {
  t.true(Object.values(countPlan(planOf())).every((count) => count === 0));
});

const LINES: readonly (readonly [string, Plan, string])[] = [
  ['one host that is as desired', planOf(host(['unchanged'])), 'No changes. 1 host matches the playbook.\n'],
  ['several such hosts', planOf(host([]), host(['unchanged'])), 'No changes. 2 hosts match the playbook.\n'],
  [
    'hosts of which tasks were skipped',
    planOf(host(['unchanged'], {skipped})),
    'No changes. 1 host matches the playbook; 1 task skipped.\n',
  ],
  [
    'a change, though nothing is of the other kinds',
    planOf(host(['update'])),
    'Plan: 1 host · 0 to create, 1 to change, 0 to delete\n',
  ],
  [
    'everything',
    planOf(host(['create', 'run', 'unknown', 'unchanged'], {handlers, skipped}), host([], {failure})),
    'Plan: 2 hosts · 1 to create, 0 to change, 0 to delete, 1 to run, 1 known after apply · 1 handler · 1 unchanged · 1 skipped · 1 failed\n',
  ],
  ['a failure alone', planOf(host([], {failure})), 'Plan: 1 host · 0 to create, 0 to change, 0 to delete · 1 failed\n'],
  [
    'a handler alone',
    planOf(host([], {handlers})),
    'Plan: 1 host · 0 to create, 0 to change, 0 to delete · 1 handler\n',
  ],
];

for (const [what, plan, text] of LINES) {
  test(`the last line of a plan with ${what} is as it must be`, (t) => t.is(line(plan), text));
}

test('a narrow line breaks between parts, never within one, and says the same', (t) => {
  const plan = planOf(host(['create', 'run', 'unknown', 'unchanged'], {handlers, skipped}), host([], {failure}));
  fc.assert(
    fc.property(fc.integer({min: 20, max: 160}), (width) => {
      const text = line(plan, width);
      t.is(text.replaceAll(/\s+/g, ' '), line(plan).replaceAll(/\s+/g, ' '));
      const rows = text.trimEnd().split('\n');
      t.true(rows.every((row, index) => (index === 0 ? row.startsWith('Plan: ') : row.startsWith('      '))));
      t.true(rows.every((row) => row.length <= Math.max(width, 28)));
    }),
  );
});
