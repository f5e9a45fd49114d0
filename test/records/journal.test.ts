import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {openJournal, runsDirectory} from '../../src/records/journal.js';
import {loadRecord} from '../../src/records/load.js';
import type {RunHead, RunTail, TimedEvent} from '../../src/records/run-record.js';

const RUN = '20261122-103004-aaaa';
const time = '2026-11-22T10:30:05.000Z';

const HEAD: RunHead = {
  ...{format: 'infra-run', formatVersion: '2.0', run: RUN, started: time, operator: 'alice', machine: 'laptop'},
  ...{process: 4242, machineKey: '-', version: '0.1.0', arguments: [], hosts: ['a'], options: {}},
  playbook: {file: 'site.ts', name: 'site', digest: '0'},
  inventory: {file: 'hosts.yml', digest: '1'},
};

const TAIL: RunTail = {ended: time, exitCode: 0, outcome: 'applied', results: []};

const output = (text: string, task = 't', host = 'a'): TimedEvent => ({
  ...{type: 'output', host, play: 'p', task, stream: 'stdout', text},
  time,
});

function projectOf(t: ExecutionContext): string {
  const made = mkdtempSync(path.join(tmpdir(), 'infra-journal-'));
  t.teardown(() => rmSync(made, {recursive: true}));
  return made;
}

const fileOf = (project: string, ending: string) => path.join(runsDirectory(project), `${RUN}.${ending}`);

test('during the run there is a journal, for its owner alone, in which every event is at once', (t) => {
  const project = projectOf(t);
  const journal = openJournal(project, HEAD);
  const file = fileOf(project, 'ndjson');
  t.is(readFileSync(file, 'utf8'), `${JSON.stringify(HEAD)}\n`);
  t.is(statSync(file).mode & 0o777, 0o600);
  journal.note(output('one'));
  t.is(readFileSync(file, 'utf8'), `${JSON.stringify(HEAD)}\n${JSON.stringify(output('one'))}\n`);
  journal.finish(TAIL);
  t.deepEqual([existsSync(file), existsSync(fileOf(project, 'json'))], [false, true]);
});

test('a record is one object with head, tail and events, and so is one without events', (t) => {
  for (const events of [[], [output('one')], [output('one'), output('two')]]) {
    const project = projectOf(t);
    const journal = openJournal(project, HEAD);
    for (const event of events) journal.note(event);
    journal.finish(TAIL);
    t.deepEqual(JSON.parse(readFileSync(fileOf(project, 'json'), 'utf8')), {...HEAD, ...TAIL, events});
  }
});

test('any text of an event comes back, also across the pieces in which it is copied', (t) => {
  const project = projectOf(t);
  const journal = openJournal(project, HEAD);
  // Some of them are longer than a piece of 64 KiB, and a character of three bytes lies on each edge sooner or later.
  const long = ['漢'.repeat(70_000), `x${'漢'.repeat(50_000)}`, `\n\r\t${'é'.repeat(40_000)}`];
  const texts = [...long, ...fc.sample(fc.string({unit: 'binary'}), {numRuns: 200, seed: 1})];
  for (const text of texts) journal.note(output(text, text.slice(0, 5)));
  journal.finish(TAIL);
  const {events} = loadRecord(runsDirectory(project), undefined);
  t.deepEqual(
    events.map((event) => event.type === 'output' && event.text),
    texts,
  );
});

test('the limit of output is for each task of each host, and other events are kept in any case', (t) => {
  const project = projectOf(t);
  const journal = openJournal(project, HEAD);
  const half = 'x'.repeat(499_999);
  for (const task of ['t', 'u']) for (let each = 0; each < 3; each++) journal.note(output(half, task));
  journal.note(output(half, 't', 'b'));
  journal.note(output('', 't'));
  const last: TimedEvent = {type: 'host-finished', host: 'a', changed: 0, time};
  journal.note(last);
  journal.finish(TAIL);
  const {events} = loadRecord(runsDirectory(project), undefined);
  const kept = events.map((event) => (event.type === 'output' ? `${event.host} ${event.task}` : event.type));
  t.deepEqual(kept, ['a t', 'a t', 'a u', 'a u', 'b t', 'host-finished']);
});

test('a record that was left half written does not stand in the way', (t) => {
  const project = projectOf(t);
  const journal = openJournal(project, HEAD);
  writeFileSync(`${fileOf(project, 'json')}.new`, 'half');
  journal.finish(TAIL);
  t.deepEqual(readdirSync(runsDirectory(project)).sort(), ['.gitignore', `${RUN}.json`]);
});

test('a second run of one name is refused, and the journal of the first stays as it is', (t) => {
  const project = projectOf(t);
  openJournal(project, HEAD).note(output('one'));
  const journal = readFileSync(fileOf(project, 'ndjson'), 'utf8');
  const error = t.throws(() => openJournal(project, HEAD), {name: 'InputError'});
  t.true(error.message.startsWith(`${runsDirectory(project)} cannot be written: EEXIST`), error.message);
  t.is(readFileSync(fileOf(project, 'ndjson'), 'utf8'), journal);
});

test('where no journal can be written the run is refused, with the next step', (t) => {
  const file = path.join(projectOf(t), 'file');
  writeFileSync(file, '');
  const error = t.throws(() => openJournal(file, HEAD), {name: 'InputError'});
  t.like(error, {diagnostics: [{hint: 'A run needs its record. Fix this and apply again.'}]});
});
