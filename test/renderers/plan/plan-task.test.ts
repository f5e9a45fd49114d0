import test from 'ava';
import type {Diff, PlannedTask, PlannedVerdict} from '../../../src/model/index.js';
import {nameOf, partsOfTask, renderCommand, renderTask} from '../../../src/renderers/plan/plan-task.js';
import type {Detail} from '../../../src/renderers/text/options.js';

const MODE: Diff = {kind: 'value', name: 'mode', before: '0600', after: '0644'};

const failure = {reason: 'probe-failed', message: 'it cannot be read', hint: 'Fix it.'} as const;

const change = (action: 'create' | 'update' | 'delete' | 'run', more: object = {}): PlannedVerdict => ({
  ...{type: 'change', action, diff: [MODE], commands: ['chmod 0644 /a', 'sync']},
  ...more,
});

const task = (verdict: PlannedVerdict, more: Partial<PlannedTask> = {}): PlannedTask => ({
  ...{play: 'web', type: 'file', id: '/a', verdict},
  ...more,
});

const lines = (planned: PlannedTask, detail?: Detail, width = 60) => renderTask(planned, width, detail).map(String);

const SIGNS: readonly (readonly [PlannedVerdict, string])[] = [
  [change('create'), '+ file /a'],
  [change('update'), '~ file /a'],
  [change('delete'), '- file /a'],
  [change('run'), '! file /a'],
  [{type: 'unknown', because: 'nginx is not installed'}, '? file /a'],
  [{type: 'failed', failure}, '✗ file /a'],
];

for (const [verdict, line] of SIGNS) {
  const what = verdict.type === 'change' ? verdict.action : verdict.type;
  test(`the sign of a task whose verdict is ${what} is ${line.charAt(0)}`, (t) => t.is(lines(task(verdict))[0], line));
}

test('a task with nothing to do has no line, in any detail', (t) => {
  for (const detail of ['brief', 'diffs', 'commands'] as const)
    t.deepEqual(lines(task({type: 'unchanged'}), detail), []);
});

const DETAILS: readonly (readonly [string, PlannedVerdict, Detail, readonly string[]])[] = [
  ['a change', change('update'), 'brief', []],
  ['a change', change('update'), 'diffs', ['  mode: 0600 → 0644']],
  ['a change', change('update'), 'commands', ['  $ chmod 0644 /a', '  $ sync', '  mode: 0600 → 0644']],
  ['a task that runs something', change('run'), 'brief', []],
  ['a task that runs something', change('run'), 'diffs', ['  $ chmod 0644 /a', '  $ sync', '  mode: 0600 → 0644']],
  ['a task whose name is its command', change('run', {commands: ['/a'], diff: []}), 'diffs', []],
  [
    'a task that is not known yet',
    {type: 'unknown', because: 'nginx is not installed'},
    'diffs',
    ['  known after apply: nginx is not installed'],
  ],
  ['a task that is not known yet', {type: 'unknown', because: 'x'}, 'brief', []],
];

for (const [what, verdict, detail, below] of DETAILS) {
  test(`below ${what} there are ${below.length} lines in the detail "${detail}"`, (t) =>
    t.deepEqual(lines(task(verdict), detail).slice(1), below));
}

test('a failure is shown in full in every detail', (t) => {
  const all = (['brief', 'diffs', 'commands'] as const).map((detail) => lines(task({type: 'failed', failure}), detail));
  t.deepEqual(all[0], all[1]);
  t.deepEqual(all[1], all[2]);
  t.true(all[0]?.some((line) => line.includes('it cannot be read')));
  t.true(all[0]?.some((line) => line.includes('Fix it.')));
});

test('what is special about how it runs stands below its name, also where the rest is left out', (t) => {
  const special = task(change('update'), {delegateTo: 'lb1', always: true, ignoreErrors: true});
  t.deepEqual(lines(special, 'brief'), ['~ file /a', '  on lb1', '  runs at every apply', '  failures are ignored']);
});

test('a label stands in brackets behind the name', (t) => {
  t.is(nameOf(task(change('update'))), 'file /a');
  t.is(nameOf(task(change('update'), {label: 'the page'})), 'file /a (the page)');
});

test('a long name wraps below its beginning', (t) => {
  const long = task(change('update', {diff: []}), {id: 'one two three four five six'});
  t.deepEqual(lines(long, 'diffs', 18), ['~ file one two', '  three four five', '  six']);
});

test('the parts of a task have the columns that its sign leaves', (t) => {
  const {symbol, style, name} = partsOfTask(task(change('delete'), {id: 'one two three'}), 12);
  t.deepEqual([symbol, style, name], ['-', 'red', ['file one', 'two three']]);
});

test('a command of several lines has one prompt a line, and a line that wraps has none', (t) => {
  t.deepEqual(renderCommand('make all\nmake install', 40).map(String), ['$ make all', '$ make install']);
  t.deepEqual(renderCommand('echo one two three', 12).map(String), ['$ echo one', '  two three']);
});
