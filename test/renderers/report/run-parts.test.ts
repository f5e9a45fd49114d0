import test from 'ava';
import type {RunEvent} from '../../../src/model/index.js';
import type {HostPart} from '../../../src/renderers/report/parts.js';
import {partsOfRun} from '../../../src/renderers/report/run-parts.js';

const on = {host: 'web1', play: 'web'};
const task = 'file /etc/motd';
const failure = {reason: 'command-failed', message: 'No.', task, play: 'web'} as const;

const CONNECTING: RunEvent = {type: 'host-connecting', host: 'web1'};
const STARTED: RunEvent = {type: 'task-started', ...on, task, commands: ['write it']};
const CHANGED: RunEvent = {type: 'task-changed', ...on, task, action: 'update', seconds: 2};
const FAILED: RunEvent = {type: 'host-failed', host: 'web1', failure};
const FINISHED: RunEvent = {type: 'host-finished', host: 'web1', changed: 1};

const printed = (text: string): RunEvent => ({type: 'output', ...on, task, stream: 'stdout', text});

function partOf(events: readonly RunEvent[], isRunning = false): HostPart {
  const [part] = partsOfRun(['web1'], events, isRunning);
  if (!part) throw new Error('no part');
  return part;
}

/** The only step. */
function stepOf(...events: readonly RunEvent[]) {
  const steps = partOf(events).plays.flatMap((play) => play.steps);
  if (steps.length !== 1 || !steps[0]) throw new Error(`${steps.length} steps`);
  return steps[0];
}

const STEPS: readonly (readonly [string, RunEvent, string])[] = [
  ['created', {...CHANGED, action: 'create'}, '+ changed created'],
  ['changed', CHANGED, '~ changed changed'],
  ['deleted', {...CHANGED, action: 'delete'}, '- changed deleted'],
  ['run', {...CHANGED, action: 'run'}, '! changed ran'],
  ['kept in a backup', {...CHANGED, backup: '/b'}, '~ changed changed; the old version is in /b'],
  ['ignored', {type: 'task-ignored', ...on, task, failure, seconds: 2}, '! changed failed, ignored'],
  ['failed', FAILED, '✗ bad failed'],
];

for (const [what, event, step] of STEPS) {
  test(`a task that was ${what} is a step: ${step}`, (t) => {
    const {sign, tone, verb, name, commands} = stepOf(STARTED, event);
    t.is(`${sign} ${tone} ${verb}`, step);
    t.deepEqual([name, commands], [task, ['write it']]);
  });
}

const ALONE: readonly (readonly [RunEvent, string, string])[] = [
  [{type: 'task-unchanged', ...on, task}, task, '· soft was already as desired'],
  [{type: 'task-declined', ...on, task}, task, '· soft declined'],
  [
    {type: 'files-restored', ...on, handler: 'reload', paths: ['/a', '/b']},
    'handler reload',
    '! bad failed; restored: /a, /b',
  ],
];

for (const [event, name, step] of ALONE) {
  test(`${event.type} is a step of its own: ${step}`, (t) => {
    const found = stepOf(event);
    t.deepEqual([found.name, `${found.sign} ${found.tone} ${found.verb}`], [name, step]);
    t.deepEqual([found.commands, found.output, found.lines], [[], [], []]);
  });
}

test('a handler is a step with its commands and its time', (t) => {
  const begun: RunEvent = {type: 'handler-started', ...on, handler: 'reload', commands: ['reload it']};
  const step = stepOf(begun, {type: 'handler-ran', ...on, handler: 'reload', seconds: 3});
  t.like(step, {sign: '→', name: 'handler reload', verb: 'ran', seconds: 3, commands: ['reload it']});
});

test('output belongs to the task that printed it, and the last 200 lines are shown', (t) => {
  const other: RunEvent = {type: 'task-started', ...on, task: 'command make'};
  const made: RunEvent = {...CHANGED, task: 'command make'};
  const {plays} = partOf([STARTED, printed('one'), CHANGED, other, made]);
  t.deepEqual(
    plays[0]?.steps.map(({output}) => output.map(String)),
    [['one'], []],
  );
  const lines = Array.from({length: 300}, (_, index) => printed(`line ${index}`));
  const {output} = stepOf(STARTED, ...lines, CHANGED);
  t.true(output.length <= 201, `${output.length}`);
  t.is(String(output.at(-1)), 'line 299');
});

test('attempts are counted until the task ends, and not passed on to the next one', (t) => {
  const again: RunEvent = {type: 'task-retried', ...on, task, attempt: 1, attempts: 3, seconds: 1};
  t.is(stepOf(STARTED, again, STARTED, CHANGED).verb, 'changed at attempt 2');
  t.is(stepOf(STARTED, again, STARTED, {...again, attempt: 2}, STARTED, FAILED).verb, 'failed at attempt 3');
  const other = {...CHANGED, task: 'command make'};
  const {plays} = partOf([
    STARTED,
    again,
    STARTED,
    CHANGED,
    {type: 'task-started', ...on, task: 'command make'},
    other,
  ]);
  t.deepEqual(
    plays[0]?.steps.map(({verb}) => verb),
    ['changed at attempt 2', 'changed'],
  );
});

test('a failure before any task, or of another one than the task that was begun, is not a step', (t) => {
  t.deepEqual(partOf([CONNECTING, FAILED]).plays, []);
  t.deepEqual(partOf([STARTED, {...FAILED, failure: {...failure, task: 'file /other'}}]).plays, []);
  t.deepEqual(partOf([STARTED, CHANGED, FAILED]).plays[0]?.steps.length, 1);
});

test('steps are grouped by play, in the order of the plays', (t) => {
  const other = {...CHANGED, play: 'db'};
  const {plays} = partOf([CHANGED, other, {...CHANGED, task: 'file /b'}]);
  t.deepEqual(
    plays.map(({play, steps}) => `${play}: ${steps.length}`),
    ['web: 2', 'db: 1'],
  );
});

const STATUS: readonly (readonly [string, readonly RunEvent[], boolean, string])[] = [
  ['has not begun', [], false, 'soft not started'],
  ['has not begun yet', [], true, 'soft not started'],
  ['was cut off', [CONNECTING, STARTED], false, 'bad interrupted'],
  ['is in the middle of a run', [CONNECTING, STARTED], true, 'soft running'],
  ['failed', [CONNECTING, STARTED, FAILED, FINISHED], false, 'bad failed'],
  ['failed while others still run', [CONNECTING, STARTED, FAILED, FINISHED], true, 'bad failed'],
  ['changed', [CONNECTING, STARTED, CHANGED, FINISHED], false, 'changed changed'],
  ['is as desired', [CONNECTING, {...FINISHED, changed: 0}], false, 'good ok'],
];

for (const [what, events, isRunning, status] of STATUS) {
  test(`a host that ${what} is shown as: ${status}`, (t) => {
    const part = partOf(events, isRunning);
    t.is(`${part.tone} ${part.status}`, status);
  });
}

test('the story counts what there is, and nothing else', (t) => {
  const planned: RunEvent = {type: 'host-planned', host: 'web1', changes: 2, seconds: 1, unchanged: 7};
  const ran: RunEvent = {type: 'handler-ran', ...on, handler: 'reload', seconds: 1};
  const ignored: RunEvent = {type: 'task-ignored', ...on, task, failure, seconds: 1};
  t.is(
    partOf([planned, CHANGED, ran, ignored, FINISHED]).story,
    '1 changed, 1 handler, 1 failure ignored, 7 unchanged',
  );
  t.is(partOf([planned, {...FINISHED, changed: 0}]).story, '7 unchanged');
  t.is(partOf([CHANGED, ran, ran, FINISHED]).story, '1 changed, 2 handlers');
  t.is(partOf([]).story, '');
});

test('skipped tasks have their reason, and what a host waited for is a note', (t) => {
  const skipped = [
    {play: 'web', task: 'file /a', because: 'when'},
    {play: 'db', task: 'file /b', because: 'run-once'},
  ] as const;
  const part = partOf([
    {type: 'host-waiting', host: 'web1', because: 'alice has it'},
    {type: 'host-planned', host: 'web1', changes: 0, seconds: 1, skipped},
  ]);
  t.deepEqual(part.skipped, [
    'file /a (play web): its condition is false',
    'file /b (play db): another host runs it for all',
  ]);
  t.deepEqual(part.notes, ['alice has it']);
});

test('hosts that failed come first, the others in their order', (t) => {
  const failed: RunEvent = {...FAILED, host: 'web2'};
  const parts = partsOfRun(['web1', 'web2', 'web3'], [CONNECTING, failed, {...FINISHED, host: 'web3'}], true);
  t.deepEqual(
    parts.map(({host}) => host),
    ['web2', 'web1', 'web3'],
  );
});
