import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {Writable} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import {listRuns, showRun} from '../../../src/commands/runs/run.js';
import {projectHere} from '../../../src/local/project.js';
import {machineKey} from '../../../src/local/this-machine.js';
import type {RunEvent} from '../../../src/model/index.js';
import {openJournal, RECORD_VERSION, type RunHead, type RunTail} from '../../../src/records/index.js';

/** A project in an empty directory, and what was printed. */
function project(t: ExecutionContext) {
  const root = mkdtempSync(`${tmpdir()}/infra-runs-`);
  t.teardown(() => rmSync(root, {recursive: true}));
  const printed = {out: '', err: ''};
  const stream = (name: 'out' | 'err') => {
    const write = (text: Buffer, _: unknown, done: () => void) => {
      printed[name] += text.toString();
      done();
    };
    // Of a terminal, only the two members that the console asks for.
    return Object.assign(new Writable({write}), {isTTY: false, columns: 80}) as unknown as NodeJS.WriteStream;
  };
  return {here: {...projectHere(), root, env: {}, stdout: stream('out'), stderr: stream('err')}, printed};
}

const head = (run: string, more: Partial<RunHead> = {}): RunHead => ({
  ...{format: 'infra-run', formatVersion: RECORD_VERSION, run, started: '2026-11-22T10:30:04.000Z'},
  ...{operator: 'ada', machine: 'laptop', process: process.pid, machineKey: '-', version: '0.1.0'},
  arguments: ['apply', '--yes'],
  playbook: {file: 'playbooks/site.ts', name: 'site', digest: '0123456789abcdef'},
  inventory: {file: 'inventory/hosts.yml', digest: 'fedcba9876543210'},
  ...{options: {}, hosts: ['a', 'b']},
  ...more,
});

const tail = (outcome: RunTail['outcome'], exitCode = 0): RunTail => ({
  ended: '2026-11-22T10:31:00.000Z',
  ...{exitCode, outcome, results: []},
});

const EVENTS: readonly RunEvent[] = [
  {type: 'task-started', host: 'a', play: 'web', task: 'file: /etc/motd'},
  {type: 'task-changed', host: 'a', play: 'web', task: 'file: /etc/motd', action: 'update', seconds: 0},
  {type: 'host-finished', host: 'a', changed: 1},
];

/** Records a run; without a tail, it still runs or was killed. */
function record(root: string, own: RunHead, end?: RunTail, events: readonly RunEvent[] = EVENTS): void {
  const journal = openJournal(root, own);
  for (const event of events) journal.note({...event, time: '2026-11-22T10:30:05.000Z'});
  if (end !== undefined) journal.finish(end);
}

test('without a run on record there is a notice, and no line', (t) => {
  const {here, printed} = project(t);
  t.is(listRuns(here), 0);
  t.deepEqual(printed, {out: '', err: 'There are no recorded runs here. infra apply records each run.\n'});
});

const ENDS: readonly (readonly [end: RunTail | undefined, machine: string, word: string])[] = [
  [tail('applied'), '-', 'ok'],
  [tail('applied', 2), '-', 'failed'],
  [tail('applied', 130), '-', 'interrupted'],
  [tail('no-changes'), '-', 'no changes'],
  [tail('no-changes', 1), '-', 'failed'],
  [tail('declined', 1), '-', 'declined'],
  [tail('stopped', 1), '-', 'stopped'],
  [tail('broken-off', 1), '-', 'aborted'],
  [undefined, '-', 'killed'],
  [undefined, machineKey(), 'running'],
];

for (const [end, machine, word] of ENDS) {
  test(`a run with the outcome ${end?.outcome} and the exit code ${end?.exitCode} is listed as "${word}"`, (t) => {
    const {here, printed} = project(t);
    record(here.root, head('20261122-103004-aaaa', {machineKey: machine}), end);
    t.is(listRuns(here), 0);
    t.regex(printed.out, new RegExp(`^20261122-103004-aaaa  2026-11-22 .{8}  ada@laptop  site  ${word}  2 hosts · `));
  });
}

test('runs are listed from the newest, in columns, with nothing after the last', (t) => {
  const {here, printed} = project(t);
  record(here.root, head('20261122-103004-aaaa'), tail('applied'));
  record(here.root, head('20261123-103004-bbbb', {operator: 'barbara', hosts: ['a']}), tail('no-changes'), []);
  listRuns(here);
  const lines = printed.out.split('\n');
  t.deepEqual(
    lines.map((line) => line.slice(0, 20)),
    ['20261123-103004-bbbb', '20261122-103004-aaaa', ''],
  );
  t.is(lines[0]?.indexOf('site'), lines[1]?.indexOf('site'));
  t.true(lines[0]?.endsWith('no changes  1 host · 0 tasks changed'));
  t.true(lines[1]?.endsWith('ok          2 hosts · 1 task changed'));
});

test('a run is shown with who ran it, from what, what it did, and what is left to do', async (t) => {
  const {here, printed} = project(t);
  record(here.root, head('20261122-103004-aaaa', {resumes: '20261121-000000-zzzz'}), tail('applied', 2));
  t.is(await showRun(here, 'aaaa', false), 0);
  for (const line of [
    'Run 20261122-103004-aaaa: failed, exit code 2\n',
    '  by         ada on laptop, infra 0.1.0\n',
    '  command    infra apply --yes\n',
    '  playbook   playbooks/site.ts (0123456789ab)\n',
    '  inventory  inventory/hosts.yml (fedcba987654)\n',
    '  resumes    20261121-000000-zzzz\n',
    '\nNot finished: b. To continue: infra apply --resume 20261122-103004-aaaa\n',
  ])
    t.true(printed.out.includes(line), line);
  t.is(printed.err, '');
});

test('neither a run that still runs nor one that began nothing is to be resumed', async (t) => {
  const {here, printed} = project(t);
  record(here.root, head('20261122-103004-aaaa', {machineKey: machineKey()}));
  record(here.root, head('20261122-103004-bbbb'), tail('declined', 1), []);
  await showRun(here, 'aaaa', false);
  await showRun(here, 'bbbb', false);
  t.regex(printed.out, /aaaa: running\n[\s\S]*bbbb: declined, exit code 1\n/);
  t.notRegex(printed.out, /Not finished|resumes/);
});

test('a run that is not on record is an error with exit code 1', async (t) => {
  const {here, printed} = project(t);
  record(here.root, head('20261122-103004-aaaa'), tail('applied'));
  t.is(await showRun(here, 'zzzz', false), 1);
  t.is(printed.out, '');
  t.regex(printed.err, /zzzz/);
});
