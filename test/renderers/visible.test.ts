import assert from 'node:assert/strict';
import test, {type ExecutionContext} from 'ava';
import {
  type Action,
  Content,
  type Diagnostic,
  type Diff,
  type Failure,
  type JudgedHost,
  type RunEvent,
  type StyledText,
  summarise,
  terminalText,
} from '../../src/model/index.js';
import {renderTerraformJson} from '../../src/plans/index.js';
import {renderMermaid, renderSvg} from '../../src/renderers/graph/index.js';
import * as renderers from '../../src/renderers/index.js';
import {advanceRow, renderRows, waitingRow} from '../../src/renderers/progress/live-rows.js';
import {renderPlanReport, renderRunReport} from '../../src/renderers/report/index.js';
import {raw} from '../../src/shell/index.js';
import {dataOf, recordOf} from '../plans/live.js';
import {recording} from '../plans/planned.js';
import {HOSTILE, hostileForms, isForged, rawIn} from '../support/hostile.js';
import {site} from './graph/listeners.js';
import {hostNamed} from './host-named.js';
import {NO_DRAWING, runOf} from './report/sample.js';

const AT = {file: '/srv/site.ts', line: 1, column: 2};

const rows = [
  {sign: ' ', pieces: [{text: 'same'}]},
  {sign: '-', pieces: [{text: 'old', changed: true}, {text: 'word'}]},
  {sign: '+', pieces: [{text: '(sensitive)', masked: true}, {text: 'word'}], unended: true},
] as const;

const range = {from: 1, count: 2};

/** One of every kind. */
const DIFFS: readonly Diff[] = [
  {name: 'mode', kind: 'value', before: 'x', after: ['a', 'b']},
  {name: 'list', kind: 'items', added: ['a'], removed: ['b']},
  {name: 'secret', kind: 'hidden', changes: true, lines: 2, changed: 1},
  {name: 'large', kind: 'digests', before: {size: 1, sha256: 'abc'}, after: 'secret', because: 'binary'},
  {name: 'content', kind: 'lines', count: 3, rows, crlf: true},
  {
    ...{name: 'file', kind: 'hunks', title: '/etc/a', ends: {before: 'LF', after: 'CRLF', lines: 3}},
    hunks: [{before: range, after: range, rows}],
  },
  {name: 'more', kind: 'cut', kept: {kind: 'lines', count: 3, rows, crlf: false}, left: 2},
];

/** Every field there is: the compiler asks for those that are added. */
const FAILURE: Required<Failure> = {
  ...{reason: 'command-failed', message: 'it failed', hint: 'fix it', task: 'file /etc/a', play: 'web'},
  ...{at: AT, command: 'make all', exitCode: 2, output: 'some output'},
  drift: [
    {task: 'file /etc/a', play: 'web', note: 'gone', changes: DIFFS},
    {task: 'file /etc/a', changes: DIFFS.slice(0, 1)},
  ],
  stack: 'Error: it failed\n    at make (file:///srv/site.ts:1:2)',
};

const DIAGNOSTIC: Required<Diagnostic> = {
  ...{message: 'wrong', at: AT, excerpt: 'a: b', hint: 'fix it'},
  isUnknownName: true,
};

const about = {host: 'web1', play: 'web'} as const;
const task = 'file /etc/a';
const changes = [
  {name: 'mode', before: 'x', after: 'y', sensitive: false},
  {name: 'list', before: ['a', 'b'], after: ['b', 'c'], sensitive: false},
  {name: 'text', before: 'x', after: 'y', sensitive: false},
  {name: 'secret', before: 'x', after: 'y', sensitive: true},
];

/** Every event there is, with every field. */
const EVENTS: {readonly [Type in RunEvent['type']]: Required<Extract<RunEvent, {type: Type}>>} = {
  'host-connecting': {type: 'host-connecting', host: 'web1'},
  'host-connected': {type: 'host-connected', host: 'web1', seconds: 1},
  'host-planned': {
    ...{type: 'host-planned', host: 'web1', changes: 1, seconds: 1, unchanged: 2},
    skipped: [{play: 'web', task, because: 'tags'}],
  },
  'play-started': {type: 'play-started', ...about},
  'task-started': {type: 'task-started', ...about, task, commands: ['make']},
  output: {type: 'output', ...about, task, stream: 'stdout', text: 'printed'},
  'task-changed': {type: 'task-changed', ...about, task, action: 'update', diff: DIFFS, seconds: 1, backup: '/var/x'},
  'task-unchanged': {type: 'task-unchanged', ...about, task},
  'task-retried': {type: 'task-retried', ...about, task, attempt: 1, attempts: 2, seconds: 1},
  'task-ignored': {type: 'task-ignored', ...about, task, failure: FAILURE, seconds: 1},
  'task-declined': {type: 'task-declined', ...about, task},
  'handler-started': {type: 'handler-started', ...about, handler: 'reload nginx', commands: ['true']},
  'handler-ran': {type: 'handler-ran', ...about, handler: 'reload nginx', seconds: 1},
  'play-finished': {type: 'play-finished', ...about},
  'host-verified': {type: 'host-verified', host: 'web1', seconds: 1},
  'files-restored': {type: 'files-restored', ...about, handler: 'reload nginx', paths: ['/etc/a']},
  'host-waiting': {type: 'host-waiting', host: 'web1', because: 'another run'},
  'host-interrupted': {type: 'host-interrupted', host: 'web1'},
  'host-failed': {type: 'host-failed', host: 'web1', failure: FAILURE},
  'host-finished': {type: 'host-finished', host: 'web1', changed: 1},
};

/** A host with one of everything that a plan may hold. */
const HOST: Required<Omit<JudgedHost, 'failure'>> = {
  host: hostNamed('web1'),
  tasks: [
    plannedTask('create', [
      {name: 'content', before: undefined, after: Content.of(`new ${HOSTILE}\n`), sensitive: false},
    ]),
    plannedTask('update', [
      ...changes,
      {name: 'file', before: Content.of(`a\n${HOSTILE} b\n`), after: Content.of(`a\n${HOSTILE} c\n`), sensitive: false},
    ]),
    plannedTask('delete', [{name: 'content', before: Content.of(HOSTILE), after: undefined, sensitive: false}]),
    {...plannedTask('run', []), verdict: {type: 'unknown', because: 'not known'}},
  ],
  handlers: [
    {play: 'web', handler: {id: 'reload nginx', command: raw('true'), recover: raw('false')}, because: 'change'},
  ],
  skipped: [{play: 'web', task: plannedTask('run', []).task, because: 'tags'}],
  rollouts: [{play: 'web', batches: [1, 2], maxFailures: 0}],
  order: [{play: 'web', needs: ['web']}],
  leftOver: [{id: 'restart old', command: 'true'}],
  notes: [{note: HOSTILE, isWarning: true}],
};

function plannedTask(action: Action, differing: readonly object[]): JudgedHost['tasks'][number] {
  const unused = () => {
    throw new Error('a plan is only shown');
  };
  const named = {type: 'file', id: '/etc/a', label: 'motd', delegateTo: 'lb1', always: true, ignoreErrors: true};
  // Only what is shown of it.
  const shownTask = {...named, notify: [{id: 'reload nginx', command: raw('true')}], at: AT, open: unused};
  const verdict = {type: 'change', action, diff: differing, commands: [raw(`make ${HOSTILE}`)]};
  return {play: 'web', task: shownTask, verdict} as unknown as JudgedHost['tasks'][number];
}

const PROGRAMS_OWN = ['type', 'action', 'stream', 'time', 'kind', 'sign', 'ends'];

/** With and without colours, nothing raw and no forged line. */
function isVisible(t: ExecutionContext, text: StyledText, what: string) {
  for (const color of [false, true]) {
    const written = terminalText(text, color);
    t.deepEqual(rawIn(written, color), [], `${what}: ${JSON.stringify(written)}`);
    t.false(isForged(written), `${what}: ${JSON.stringify(written)}`);
  }
}

const noneRaw = (t: ExecutionContext, text: string, what: string) => {
  t.deepEqual(rawIn(text), [], `${what}: ${JSON.stringify(text.slice(0, 3000))}`);
};

test('a failure shows nothing raw, whatever its fields contain', (t) => {
  for (const [index, failure] of hostileForms(FAILURE, PROGRAMS_OWN).entries())
    for (const width of [20, 80]) {
      isVisible(t, renderers.renderFailure(failure, {name: HOSTILE}, {width, stacks: true}), `form ${index}`);
      noneRaw(t, renderers.renderReason(failure), 'reason');
    }
});

test('a diagnostic shows nothing raw', (t) => {
  const {hint, ...others} = DIAGNOSTIC;
  for (const fault of hostileForms<Diagnostic>(others)) isVisible(t, renderers.renderDiagnostics([fault, fault]), 'it');
  // Further lines of a hint begin like the first: a hint is a text of infra, and so are its lines.
  for (const color of [false, true])
    t.deepEqual(
      rawIn(terminalText(renderers.renderDiagnostics([{message: 'x', hint: `${hint} ${HOSTILE}`}]), color), color),
      [],
    );
});

test('an event shows nothing raw, on a terminal, in a pipe, in the recap and in a report', (t) => {
  for (const each of Object.values(EVENTS))
    for (const event of hostileForms<RunEvent>(each, PROGRAMS_OWN)) {
      const started = {...EVENTS['task-started'], host: event.host};
      for (const verbosity of [0, 2]) {
        const tell = renderers.plainProgress((line) => isVisible(t, line, event.type), {
          hosts: [event.host],
          verbosity,
        });
        for (const one of [started, event]) tell(one);
      }
      const row = advanceRow(waitingRow(event.host), event, 0);
      const view = {width: 60, height: 20, now: 0, began: 0, spinner: ['*']};
      for (const line of renderRows([row, waitingRow(HOSTILE)], view)) {
        isVisible(t, line, event.type);
        t.false(String(line).includes('\n'));
        t.true(String(line).length <= 60, String(line));
      }
      isVisible(t, renderers.renderSummary(summarise([event])), event.type);
      const timed = [started, event].map((one) => ({...one, time: '2026-11-22T10:30:05.000Z'}));
      const around = {drawing: NO_DRAWING, isRunning: false, left: [event.host], version: '0.1.0'};
      noneRaw(t, renderRunReport(runOf([event.host], timed), around), event.type);
    }
});

test('a plan shows nothing raw, as text, Markdown and a page, from a record too', (t) => {
  const forms = hostileForms<JudgedHost>(HOST, PROGRAMS_OWN);
  const failed = hostileForms(FAILURE, PROGRAMS_OWN).map(
    (failure): JudgedHost => ({host: hostNamed('web2'), tasks: [], handlers: [], failure}),
  );
  const partly = hostileForms(FAILURE, PROGRAMS_OWN).map((failure): JudgedHost => {
    const [first = assert.fail(), ...tasks] = HOST.tasks;
    return {...HOST, tasks: [{...first, verdict: {type: 'failed', failure}}, ...tasks], failure};
  });
  for (const [index, host] of [...forms, ...failed, ...partly].entries()) {
    const live = {playbook: HOSTILE, hosts: [host]};
    const plan = dataOf(live);
    for (const detail of ['brief', 'diffs', 'commands'] as const) {
      for (const width of [20, 80])
        isVisible(t, renderers.renderPlan(plan, {detail, width, stacks: true}), `form ${index}`);
      noneRaw(t, renderers.renderMarkdown(plan, detail), `form ${index}`);
    }
    const around = {
      ...{file: HOSTILE, madeAt: '2026-11-22T10:30:05.000Z', madeBy: HOSTILE, playbook: HOSTILE, inventory: HOSTILE},
      ...{madeWith: HOSTILE, notes: [HOSTILE], drawing: {because: HOSTILE}, version: '0.1.0'},
    };
    noneRaw(t, renderPlanReport(plan, around), `form ${index}`);
    const record = recordOf(live, recording());
    isVisible(t, renderers.renderPlan(record), `record ${index}`);
    t.truthy(renderTerraformJson(record, {infraVersion: '0', timestamp: '0', counts: {}}));
  }
});

test('a record of a plan that someone else made shows nothing raw', (t) => {
  const record = recordOf({playbook: 'site', hosts: [HOST]}, recording());
  const [host = assert.fail()] = record.hosts;
  const tasks = host.tasks.map((each) => {
    const {verdict} = each;
    return verdict.type === 'change' ? {...each, type: HOSTILE, verdict: {...verdict, diff: DIFFS}} : each;
  });
  const foreign = {...record, hosts: [{...host, tasks}]};
  for (const [index, form] of hostileForms(foreign, [...PROGRAMS_OWN, 'because']).entries())
    isVisible(t, renderers.renderPlan(form), `form ${index}`);
});

test('a topology shows nothing raw, drawn or as a chart', (t) => {
  for (const topology of hostileForms(site(), ['id', 'kind', 'from', 'to'])) {
    noneRaw(t, renderSvg(topology), 'SVG');
    noneRaw(t, renderMermaid(topology), 'Mermaid');
  }
});
