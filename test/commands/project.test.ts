import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Writable} from 'node:stream';
import test from 'ava';
import {graph} from '../../src/commands/graph/run.js';
import {listRuns} from '../../src/commands/runs/run.js';
import {getSecret} from '../../src/commands/secrets/run.js';
import {canAsk, type Project} from '../../src/local/project.js';
import {openJournal, RECORD_VERSION} from '../../src/records/index.js';
import {newProject} from '../secrets/project.js';

/** A Project in a directory, none of which is of this process, and what was written to its streams. */
function projectIn(root: string, env: NodeJS.ProcessEnv = {}, isTTY = false) {
  const written = {stdout: '', stderr: ''};
  const collecting = (name: keyof typeof written) => {
    const write = (chunk: Buffer, _: string, done: () => void) => {
      written[name] += chunk;
      done();
    };
    // Of a terminal, commands use what a Writable has, and whether it is one.
    return Object.assign(new Writable({write}), {isTTY}) as unknown as NodeJS.WriteStream;
  };
  const project: Project = {
    uncaught: {mask: (text) => text},
    ...{root, env, args: []},
    ...{stdin: process.stdin, stdout: collecting('stdout'), stderr: collecting('stderr')},
    ...{now: () => new Date(0), exitWith: () => {}},
  };
  return {project, written};
}

const directory = mkdtempSync(join(tmpdir(), 'infra-commands-'));
test.after.always(() => rmSync(directory, {recursive: true}));

test('runs are those of the directory of the Project, and are printed on its standard output', (t) => {
  const none = projectIn(directory);
  t.is(listRuns(none.project), 0);
  t.regex(none.written.stderr, /^There are no recorded runs here\./);

  const started = '2026-11-22T10:30:04.000Z';
  const file = {file: 'site.ts', digest: 'x'};
  openJournal(directory, {
    ...{format: 'infra-run', formatVersion: RECORD_VERSION, run: '20261122-103004-k7f2', started},
    ...{operator: 'alice', machine: 'laptop', process: 1, machineKey: '-', version: '0', arguments: []},
    ...{playbook: {...file, name: 'site'}, inventory: file, options: {}, hosts: ['web1']},
  });
  const one = projectIn(directory);
  t.is(listRuns(one.project), 0);
  t.regex(one.written.stdout, /^20261122-103004-k7f2 .* alice@laptop .* killed .*\n$/);
});

test('a secret comes from the directory of the Project, opened as its environment says', async (t) => {
  const root = await newProject(t, {one: 'value one'});
  const {project, written} = projectIn(root);
  t.is(await getSecret(project, 'one'), 0);
  t.is(written.stdout, 'value one');

  const elsewhere = projectIn(root, {INFRA_AGE_IDENTITY_FILE: join(root, 'missing.txt')});
  t.is(await getSecret(elsewhere.project, 'one'), 1);
  t.regex(elsewhere.written.stderr, /INFRA_AGE_IDENTITY_FILE names .*missing\.txt/);
});

test('the inventory, and whether there are colours, are what the environment of the Project says', async (t) => {
  const [inventory, playbook] = [join(directory, 'hosts.yml'), join(directory, 'site.ts')];
  writeFileSync(inventory, 'web: {hosts: {web1: {address: 192.0.2.1}}}\n');
  writeFileSync(playbook, "import {playbook} from 'infra';\nexport default playbook('site', []);\n");
  const {project, written} = projectIn(directory, {INFRA_INVENTORY: inventory});
  t.is(await graph(project, {playbook}), 0, written.stderr);
  t.regex(written.stdout, /accTitle: site on hosts\.yml\n/);

  for (const [env, colored] of [
    [{}, true],
    [{NO_COLOR: '1'}, false],
  ] as const) {
    const wrong = projectIn(directory, {...env, INFRA_INVENTORY: join(directory, 'none.yml')}, true);
    t.is(await graph(wrong.project, {playbook}), 1);
    t.is(wrong.written.stderr.includes('\u001b['), colored, wrong.written.stderr);
  }
});

test('a person can be asked if input and output are terminals', (t) => {
  const terminal = {isTTY: true} as NodeJS.WriteStream & NodeJS.ReadStream;
  const {project} = projectIn(directory);
  t.true(canAsk({...project, stdin: terminal, stdout: terminal}));
  t.false(canAsk({...project, stdin: terminal}));
  t.false(canAsk({...project, stdin: {} as NodeJS.ReadStream, stdout: terminal}));
});
