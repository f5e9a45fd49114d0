import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {stringify} from 'yaml';

import {fetchPage} from '../../src/commands/demo/site-client.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

import {emptyProject, type Project} from '../support/project.js';
import {KEYS, openTerminal} from '../support/terminal.js';

/*
 * From an empty directory to a site that is served, by keys at a terminal up to its plan, and by an answers file to the
 * end. Nobody of the machine's own keys and known hosts takes part: HOME is an empty directory.
 */
const SERVERS = [
  {name: 'pj-lb', address: '198.18.0.114', roles: ['balancer']},
  {name: 'pj-one', address: '198.18.0.115', roles: ['web', 'primary']},
  {name: 'pj-two', address: '198.18.0.116', roles: ['web', 'replica']},
];

const IDENTITY = path.resolve('.infra/lab/id_ed25519');

let project: Project;

const inProject = (file: string) => path.join(project.directory, file);

const run = (...args: string[]) => project.run(args, {HOME: `${project.directory}.home`});

test.before(async () => {
  await bareHosts(Object.fromEntries(SERVERS.map(({name, address}) => [name, {address, groups: ['bare']}])));
  project = await emptyProject();
});

test('host keys that nobody has confirmed are not accepted, and nothing is written', async (t) => {
  const answers = answersFile([]);
  const {code, stderr} = await run('init', '--answers', answers, '--yes');
  t.is(code, 1, stderr);
  t.regex(stderr, /pj-lb/);
  t.true(
    hostKeys().every((fingerprint) => stderr.includes(fingerprint)),
    stderr,
  );
  t.deepEqual(readdirSync(project.directory), []);
});

test('at a terminal servers are surveyed while questions are answered, after their keys are confirmed', async (t) => {
  const {directory} = await emptyProject();
  const env = {PATH: process.env.PATH, HOME: `${directory}.home`, TERM: 'xterm', LANG: 'C.UTF-8', NO_COLOR: '1'};
  const infra = `${process.execPath} ${path.resolve('bin/infra')}`;
  const login = `--user deploy --identity-file ${IDENTITY} --domain a.example.org`;
  const addresses = SERVERS.map(({address}) => address);
  const {sees, press, ended, shown} = openTerminal(`${infra} init ${addresses.join(' ')} ${login}`, directory, env);
  await sees(/Are they all the same\? \(y\/N\)/);
  for (const fingerprint of hostKeys()) t.true(shown().includes(fingerprint), shown());
  press('y', KEYS.enter);
  await sees(/Continue with these roles\?/);
  press(KEYS.enter);
  const database = [/Database/, /A write to the database is done/, /Backups of the database are kept/];
  for (const question of [/certificate that visitors see/, ...database, /web servers serve/, /connect to SSH/]) {
    await sees(new RegExp(`${question.source}[\\s\\S]*Enter select`));
    press(KEYS.enter);
  }
  await sees(/What now\?[\s\S]*Enter select/);
  t.regex(shown(), /lb1 ✓ Debian 13/);
  press(KEYS.enter);
  await sees(/Make the plan now\?/);
  press(KEYS.enter);
  await sees(/Plan: 3 hosts/);
  t.is(await ended, 0, shown());
  const known = readFileSync(path.join(directory, 'inventory/known_hosts'), 'utf8');
  t.is(known.match(/^198\.18\.0\.11[456] ssh-ed25519 /gm)?.length, 3);
});

test('with those in an answers file, the directory becomes a project, whose types are right', async (t) => {
  const {code, stdout, stderr} = await run('init', '--answers', answersFile(hostKeys()), '--yes');
  t.is(code, 0, stdout + stderr);
  for (const file of FILES) t.true(existsSync(inProject(file)), file);
  t.notRegex(readFileSync(inProject('.gitignore'), 'utf8'), /^\/?secrets/m);
  mkdirSync(inProject('node_modules'));
  symlinkSync(path.resolve('.'), inProject('node_modules/infra'));
  const compiler = path.join(
    path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin/tsc',
  );
  t.is(execFileSync(process.execPath, [compiler, '--noEmit'], {cwd: project.directory, encoding: 'utf8'}), '');
});

test('a second run changes nothing', async (t) => {
  const before = textsIn();
  const {code, stdout, stderr} = await run('init', '--yes');
  t.is(code, 0, stdout + stderr);
  t.deepEqual(textsIn(), before);
});

test('it plans on bare hosts, applies, is served over HTTPS, and nothing is left to do', async (t) => {
  const plan = await run('plan', '--detailed-exitcode');
  t.is(plan.code, 2, plan.stdout + plan.stderr);
  const apply = await run('apply', '--yes');
  t.is(apply.code, 0, apply.stdout + apply.stderr);
  const authority = readFileSync(inProject('secrets/authority.crt'), 'utf8');
  const page = await fetchPage({address: '198.18.0.114', name: 'shop.infra.test', authority});
  t.is(page.status, 200);
  t.is(page.body, readFileSync(inProject('site/index.html'), 'utf8'));
  const again = await run('plan', '--detailed-exitcode');
  t.is(again.code, 0, again.stdout + again.stderr);
});

const FILES = [
  'README.md',
  'infra.answers.yml',
  'package.json',
  'tsconfig.json',
  '.gitignore',
  '.github/workflows/plan.yml',
  'inventory/hosts.yml',
  'inventory/hosts.schema.json',
  'inventory/group_vars/all.yml',
  'inventory/known_hosts',
  'playbooks/site.ts',
  'site/index.html',
  'secrets/passwords.age.yaml',
  'secrets/authority.crt',
];

/** Outside of the project. */
function answersFile(trusted: readonly string[]): string {
  const file = `${project.directory}.answers.yml`;
  const answers = {
    servers: SERVERS,
    user: 'deploy',
    identityFile: IDENTITY,
    domain: 'shop.infra.test',
    content: {kind: 'directory', directory: 'site'},
    sshFrom: ['198.18.0.0/24'],
    ...(trusted.length > 0 && {hostKeys: trusted}),
  };
  writeFileSync(file, stringify(answers));
  return file;
}

/** Fingerprints of the servers' Ed25519 keys, as the lab knows them. */
function hostKeys(): string[] {
  const lines = readFileSync('.infra/lab/known_hosts', 'utf8').split('\n');
  return SERVERS.map(({address}) => {
    const key = lines
      .map((line) => line.split(' '))
      .find(([host, type]) => host?.split(',').includes(address) && type === 'ssh-ed25519');
    return `SHA256:${createHash('sha256')
      .update(key?.[2] ?? '', 'base64')
      .digest('base64')
      .replace(/=+$/, '')}`;
  });
}

/** What a second run could change. */
function textsIn(): Record<string, string> {
  const entries = readdirSync(project.directory, {recursive: true, withFileTypes: true});
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(file, 'utf8')]));
}
