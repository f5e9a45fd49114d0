import {readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import {openJournal, RECORD_VERSION, type RunHead} from '../../../src/records/index.js';
import {inventoryDigest, playbookDigest} from '../../../src/session/file-digests.js';
import {newProject} from '../../support/project.js';

const PLAYBOOK = `
import {listens, play, playbook} from 'infra';
export default playbook('shop', [
  play('web', {hosts: 'all'}, [() => [listens({tcp: 8080, from: 'any', because: 'clients'})]]),
]);
`;

const INVENTORY = 'web: {hosts: {web1: {address: 192.0.2.21}, web2: {address: 192.0.2.22}}}\n';

/** A project with one run on record. */
async function shop() {
  const project = await newProject(PLAYBOOK);
  const file = (name: string) => path.join(project.directory, name);
  writeFileSync(file('hosts.yml'), INVENTORY);
  const time = '2026-11-22T10:30:05.000Z';
  const head: RunHead = {
    format: 'infra-run',
    formatVersion: RECORD_VERSION,
    run: '20261122-103004-k7f2',
    started: '2026-11-22T10:30:04.000Z',
    operator: 'alice',
    machine: 'laptop',
    process: 1,
    machineKey: '-',
    version: '0.1.0',
    arguments: ['apply'],
    playbook: {file: 'site.ts', name: 'shop', digest: playbookDigest(file('site.ts'))},
    inventory: {file: 'hosts.yml', digest: inventoryDigest(file('hosts.yml'))},
    options: {},
    hosts: ['web1', 'web2'],
  };
  const journal = openJournal(project.directory, head);
  for (const host of head.hosts) journal.note({type: 'host-finished', host, changed: 0, time});
  journal.finish({ended: '2026-11-22T10:30:06.000Z', exitCode: 0, outcome: 'applied', results: []});
  return {directory: project.directory, file, report: (...args: string[]) => project.run(['report', ...args])};
}

test('the last run goes to standard output if that is not a terminal, with the topology of its files', async (t) => {
  const {directory, report} = await shop();
  const {code, stdout, stderr} = await report();
  t.is(code, 0, stderr);
  t.regex(stdout, /^<!doctype html>[\s\S]*<h1>shop was applied to 2 hosts<\/h1>[\s\S]*<\/html>\n$/);
  t.regex(stdout, /<svg[\s\S]*tcp 8080[\s\S]*<\/svg>/);
  t.deepEqual(readdirSync(directory).sort(), ['.infra', 'hosts.yml', 'site.ts']);
});

test('a run is named by the end of its name or by its file, and only the owner can read its page', async (t) => {
  const {file, report} = await shop();
  const {code, stdout, stderr} = await report('k7f2', '--output', 'page.html');
  t.is(code, 0, stderr);
  t.is(stdout, '');
  t.regex(stderr, /^The page is in page\.html\./);
  t.is(statSync(file('page.html')).mode & 0o777, 0o600);
  const again = await report('.infra/runs/20261122-103004-k7f2.json', '-o', 'page.html');
  t.is(again.code, 0, again.stderr);
});

test('the topology is left out, with the reason, when a file of the run has changed', async (t) => {
  const {file, report} = await shop();
  writeFileSync(file('hosts.yml'), `${INVENTORY}# changed\n`);
  const {stdout} = await report();
  t.notRegex(stdout, /tcp 8080/);
  t.regex(stdout, /The drawing is left out: hosts\.yml changed since this run\./);
});

test('no code of a saved plan from elsewhere is run', async (t) => {
  const {file, report} = await shop();
  const plan = {
    format: 'infra-plan',
    formatVersion: '2.0',
    infraVersion: '0.1.0',
    id: '7c0f3b70-9a0e-4d06-8b6c-6a4d8a3f0e11',
    madeAt: '2026-11-22T10:30:04.000Z',
    madeBy: 'alice@laptop',
    options: {playbook: 'site.ts', inventory: 'hosts.yml'},
    files: [],
    keyCheck: '00',
    counts: {},
    plan: {
      playbook: 'shop',
      hosts: [{host: {name: 'web1', address: '192.0.2.21'}, tasks: [], handlers: []}],
      contents: {},
      diffs: [],
    },
    seal: '00',
  };
  writeFileSync(file('site.plan'), JSON.stringify(plan));
  const {code, stdout, stderr} = await report('site.plan');
  t.is(code, 0, stderr);
  t.regex(stdout, /<h1>shop has nothing to change on 1 host<\/h1>/);
  t.regex(stdout, /The drawing is left out: the plan was not made in this project, or was changed since\./);
});

test('a page that cannot be made is refused with the reason, and nothing is written', async (t) => {
  const {file, directory, report} = await shop();
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['zzzz'], /no recorded run is named "zzzz"\n.*infra runs/],
    [['no.plan'], /the plan no\.plan does not exist/],
    [['hosts.yml'], /hosts\.yml is not a saved plan/],
    [['-o', 'site.ts'], /site\.ts exists and is not a page of infra report\n.*another name/],
    [['-o', 'no/page.html'], /cannot write no\/page\.html: /],
  ];
  for (const [args, expected] of cases) {
    const {code, stdout, stderr} = await report(...args);
    t.is(code, 1);
    t.is(stdout, '');
    t.regex(stderr, expected);
    t.notRegex(stderr, /^ {4}at /m);
  }
  t.is(readFileSync(file('site.ts'), 'utf8'), PLAYBOOK);
  t.deepEqual(readdirSync(directory).sort(), ['.infra', 'hosts.yml', 'site.ts']);
});
