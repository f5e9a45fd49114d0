import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {loadRecord, loadRecords, recordNames} from '../../src/records/load.js';

function directoryWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const made = mkdtempSync(path.join(tmpdir(), 'infra-records-'));
  t.teardown(() => rmSync(made, {recursive: true}));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(made, name), text);
  return made;
}

const head = (run: string) => ({
  ...{format: 'infra-run', formatVersion: '2.0', run, started: '2026-11-22T10:30:04.000Z', operator: 'alice'},
  ...{machine: 'laptop', process: 4242, machineKey: '-', version: '0.1.0', arguments: [], hosts: ['a'], options: {}},
  playbook: {file: 'site.ts', name: 'site', digest: '0'},
  inventory: {file: 'hosts.yml', digest: '1'},
});

const TAIL = {ended: '2026-11-22T10:30:06.000Z', exitCode: 0, outcome: 'applied', results: []};

const EVENT = {type: 'host-connecting', host: 'a', time: '2026-11-22T10:30:05.000Z'};

const ended = (run: string, more: object = {}) => JSON.stringify({...head(run), ...TAIL, events: [EVENT], ...more});

const running = (run: string, ...events: readonly object[]) =>
  [head(run), ...events].map((each) => `${JSON.stringify(each)}\n`).join('');

const [OLD, NEW] = ['20261122-103004-aaaa', '20261123-090000-bbba'];

test('only files with the name of a run are records, the newest first', (t) => {
  const names = [`${OLD}.json`, `${NEW}.ndjson`, '20261123-090000-cccc.json'];
  const others = [
    '.gitignore',
    `${OLD}.json.new`,
    'x.json',
    `${OLD}.txt`,
    '2026-1-a.json',
    '20261123-090000-CCCC.json',
  ];
  const directory = directoryWith(t, Object.fromEntries([...names, ...others].map((name) => [name, ''])));
  t.deepEqual(recordNames(directory), ['20261123-090000-cccc.json', `${NEW}.ndjson`, `${OLD}.json`]);
  t.deepEqual(recordNames(path.join(directory, 'none')), []);
});

test('a run that has ended has a tail, one that still runs has none', (t) => {
  const directory = directoryWith(t, {[`${OLD}.json`]: ended(OLD), [`${NEW}.ndjson`]: running(NEW, EVENT)});
  const [newest, oldest] = loadRecords(directory);
  t.deepEqual([newest?.head.run, newest?.tail, newest?.events], [NEW, undefined, [EVENT as never]]);
  t.deepEqual([oldest?.head.run, oldest?.tail?.exitCode, oldest?.events], [OLD, 0, [EVENT as never]]);
  t.false(oldest !== undefined && ('events' in oldest.head || 'outcome' in oldest.head));
});

test('a journal without any event is a run that has begun; one without a whole head is damaged', (t) => {
  const directory = directoryWith(t, {[`${OLD}.ndjson`]: running(OLD), [`${NEW}.ndjson`]: running(NEW).slice(0, -1)});
  t.deepEqual(
    loadRecords(directory).map(({head: {run}, events}) => [run, events.length]),
    [[OLD, 0]],
  );
});

const FOUND: readonly (readonly [string | undefined, string])[] = [
  [undefined, NEW],
  [NEW, NEW],
  ['aaaa', OLD],
  ['-aaaa', OLD],
  ['bbba', NEW],
];

for (const [name, run] of FOUND) {
  test(`${name === undefined ? 'no name' : `"${name}"`} finds the run ${run}`, (t) => {
    const directory = directoryWith(t, {[`${OLD}.json`]: ended(OLD), [`${NEW}.json`]: ended(NEW)});
    t.is(loadRecord(directory, name).head.run, run);
  });
}

test('a name that is missing, of several runs, or of a damaged one is refused with the next step', (t) => {
  const directory = directoryWith(t, {[`${OLD}.json`]: ended(OLD), [`${NEW}.json`]: '{'});
  const refused = (name: string | undefined, message: string, hint: string, from = directory) => {
    const error = t.throws(() => loadRecord(from, name), {message});
    // What is thrown is an `InputError`.
    t.like(error, {diagnostics: [{message, hint}]});
  };
  refused('zzzz', 'no recorded run is named "zzzz"', 'See the names with: infra runs');
  refused('a', 'several runs are named "a"', 'Give the whole name. See the names with: infra runs');
  refused(undefined, `${directory}/${NEW}.json is damaged`, 'Choose another run with: infra runs');
  const empty = path.join(directory, 'none');
  refused(undefined, `there are no recorded runs in ${empty}`, 'Record one with: infra apply', empty);
  refused('x', `there are no recorded runs in ${empty}`, 'Record one with: infra apply', empty);
});

test('fields that this version does not know stay in the record', (t) => {
  const event = {...EVENT, later: 1};
  const directory = directoryWith(t, {[`${OLD}.json`]: ended(OLD, {later: true, events: [event]})});
  const record = loadRecord(directory, undefined);
  t.like(record, {head: {later: true}});
  t.deepEqual(record.events, [event as never]);
});

const TAILS: readonly (readonly [string, object, boolean])[] = [
  ['broken off', {outcome: 'broken-off', exitCode: 1}, true],
  ['declined', {outcome: 'declined'}, true],
  ['without an end', {ended: undefined}, false],
  ['with an exit code that is not whole', {exitCode: 0.5}, false],
  ['of an outcome that does not exist', {outcome: 'well'}, false],
  ['of another format', {format: 'infra-plan'}, false],
  ['with a time that does not exist', {started: '2026-02-30T00:00:00.000Z'}, false],
];

for (const [what, more, isRead] of TAILS) {
  test(`a record ${what} is ${isRead ? 'read' : 'damaged'}`, (t) => {
    const directory = directoryWith(t, {[`${OLD}.json`]: ended(OLD, more)});
    t.is(loadRecords(directory).length, isRead ? 1 : 0);
  });
}
