import {appendFileSync, mkdtempSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import type {RunEvent} from '../../src/model/index.js';
import {
  loadRecord,
  loadRecords,
  newRunName,
  openJournal,
  RECORD_VERSION,
  type RunHead,
  type RunTail,
  runsDirectory,
  unfinishedHosts,
} from '../../src/records/index.js';

const head = (run: string, hosts: readonly string[] = ['a', 'b']): RunHead => ({
  format: 'infra-run',
  formatVersion: RECORD_VERSION,
  run,
  started: '2026-11-22T10:30:04.000Z',
  operator: 'alice',
  machine: 'laptop',
  process: 4242,
  machineKey: '-',
  version: '0.1.0',
  arguments: ['apply', '--yes'],
  playbook: {file: 'playbooks/site.ts', name: 'site', digest: '00'},
  inventory: {file: 'inventory/hosts.yml', digest: '01'},
  options: {playbook: 'playbooks/site.ts'},
  hosts,
});

const at = <E extends RunEvent>(event: E) => ({...event, time: '2026-11-22T10:30:05.000Z'});
const started = (host: string) => at({type: 'task-started', host, play: 'p', task: 't'});
const finished = (host: string) => at({type: 'host-finished', host, changed: 0});
const tail = (outcome: RunTail['outcome'], exitCode = 0): RunTail => ({
  ended: '2026-11-22T10:30:06.000Z',
  exitCode,
  outcome,
  results: [],
});

const root = () => mkdtempSync(path.join(tmpdir(), 'infra-test-'));

test('a run is on record when it has ended, for its owner alone and ignored by Git', (t) => {
  const directory = root();
  const journal = openJournal(directory, head('20261122-103004-aaaa'));
  journal.note(started('a'));
  journal.finish(tail('applied', 1));
  const runs = runsDirectory(directory);
  t.deepEqual(readdirSync(runs).sort(), ['.gitignore', '20261122-103004-aaaa.json']);
  t.is(statSync(runs).mode & 0o777, 0o700);
  t.is(statSync(path.join(runs, '20261122-103004-aaaa.json')).mode & 0o777, 0o600);
  const record = loadRecord(runs, 'aaaa');
  t.deepEqual(record.events, [started('a')]);
  t.is(record.tail?.exitCode, 1);
  t.is(record.head.operator, 'alice');
});

test('of a run that was killed everything is there up to the last whole line', (t) => {
  const directory = root();
  const journal = openJournal(directory, head('20261122-103004-aaaa'));
  journal.note(started('a'));
  appendFileSync(path.join(runsDirectory(directory), '20261122-103004-aaaa.ndjson'), '{"type":"task-cha');
  const record = loadRecord(runsDirectory(directory), undefined);
  t.is(record.tail, undefined);
  t.deepEqual(record.events, [started('a')]);
});

test('runs are listed the newest first, what is damaged is left out, and old ones are deleted', (t) => {
  const directory = root();
  const names = Array.from({length: 105}, (_, index) => `20261122-${100000 + index}-aaaa`);
  for (const name of names) openJournal(directory, head(name)).finish(tail('applied'));
  const [newest] = names.slice(-1);
  const records = loadRecords(runsDirectory(directory));
  t.is(records.length, 100);
  t.is(records[0]?.head.run, newest);
  writeFileSync(path.join(runsDirectory(directory), `${newest}.json`), 'x');
  t.is(loadRecords(runsDirectory(directory)).length, 99);
  t.throws(() => loadRecord(runsDirectory(directory), newest), {message: /damaged/});
  t.throws(() => loadRecord(runsDirectory(directory), 'aaaa'), {message: /several/});
  t.throws(() => loadRecord(runsDirectory(directory), 'zzzz'), {message: /no recorded run/});
  t.throws(() => loadRecord(path.join(directory, 'none'), undefined), {message: /no recorded runs/});
});

test('a record that is not what its readers go by is damaged', (t) => {
  const directory = root();
  const [name, whole] = ['20261122-103004-aaaa', {...head('20261122-103004-aaaa'), ...tail('applied'), events: []}];
  openJournal(directory, head(name)).finish(tail('applied'));
  const spoiled: readonly object[] = [
    ...[{started: 'yesterday'}, {started: 4}, {ended: '2026-13-45'}, {hosts: 'a'}, {outcome: 'fine'}, {exitCode: '0'}],
    ...[{arguments: null}, {playbook: 'site'}, {inventory: {}}, {options: []}, {process: 1.5}, {events: {}}],
    ...[{...started('a'), time: 'now'}, {...started('a'), host: 4}, {...finished('a'), failure: 'x'}, 'x', null].map(
      (event) => ({events: [event]}),
    ),
  ];
  for (const each of spoiled) {
    writeFileSync(path.join(runsDirectory(directory), `${name}.json`), JSON.stringify({...whole, ...each}));
    t.deepEqual(loadRecords(runsDirectory(directory)), [], JSON.stringify(each));
  }
  writeFileSync(path.join(runsDirectory(directory), `${name}.json`), JSON.stringify(whole));
  t.is(loadRecords(runsDirectory(directory)).length, 1);
});

test('diffs and drifts of an event come back as they were, and are left out where an older version wrote lines', (t) => {
  const directory = root();
  const diff = [{name: 'mode', kind: 'value', before: '0600', after: '0644'}] as const;
  const about = {host: 'a', play: 'p', task: 'file /x'};
  const failure = {reason: 'drifted', message: 'No.', drift: [{task: 'file /x', changes: diff}]} as const;
  const known = [
    at({type: 'task-changed', ...about, action: 'update', seconds: 1, diff}),
    at({type: 'host-failed', host: 'a', failure}),
  ];
  const journal = openJournal(directory, head('20261122-103004-aaaa'));
  for (const event of known) journal.note(event);
  const lines = [{name: 'mode', sensitive: false, shown: ['mode: 0600 → 0644']}];
  const old = {...at({type: 'task-changed', ...about, action: 'update', seconds: 1}), diff: lines};
  // As infra 0.1 wrote it.
  journal.note(old as unknown as (typeof known)[number]);
  journal.finish(tail('applied'));
  const {events} = loadRecord(runsDirectory(directory), undefined);
  t.deepEqual(events.slice(0, 2), known);
  const [, , last] = events;
  t.is(last?.type === 'task-changed' && last.diff, undefined);
});

test('of a task that never stops talking a megabyte is kept', (t) => {
  const directory = root();
  const journal = openJournal(directory, head('20261122-103004-aaaa'));
  const text = 'x'.repeat(99_999);
  for (let line = 0; line < 50; line++)
    journal.note(at({type: 'output', host: 'a', play: 'p', task: 't', stream: 'stdout', text}));
  journal.finish(tail('applied'));
  t.is(loadRecord(runsDirectory(directory), undefined).events.length, 10);
});

test('hosts are left that failed, were interrupted, or were not through when the run was killed', (t) => {
  const failure = {reason: 'command-failed' as const, message: 'No.'};
  const record = {head: head('r', ['ok', 'failed', 'stopped', 'cut', 'never']), tail: tail('applied', 130)};
  const events = [
    finished('ok'),
    at({type: 'host-failed', host: 'failed', failure}),
    finished('failed'),
    at({type: 'host-interrupted', host: 'stopped'}),
    finished('stopped'),
    started('cut'),
    at({type: 'host-planned', host: 'never', changes: 1, seconds: 1}),
  ];
  t.deepEqual(unfinishedHosts({...record, events}), ['failed', 'stopped', 'cut', 'never']);
  const planned = ['ok', 'other'].map((host) => at({type: 'host-planned', host, changes: 0, seconds: 1}));
  t.deepEqual(unfinishedHosts({head: head('r', ['ok', 'other']), tail: tail('no-changes'), events: planned}), []);
});

test('names of runs sort by time and are told apart', (t) => {
  const name = newRunName(new Date('2026-11-22T10:30:04.999Z'));
  t.regex(name, /^20261122-103004-[a-z2-9]{4}$/);
  t.true(newRunName(new Date('2026-11-22T10:30:03Z')) < name);
});
