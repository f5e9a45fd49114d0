import {execFile} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {appendFile, copyFile, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {bareHosts} from '../support/hosts.js';
import {askHost, type Outcome, type TestHost, labTest as test} from '../support/lab.js';
import {newProject, type Project} from '../support/project.js';

const HOSTS: Readonly<Record<string, TestHost>> = {
  'saved-1': {address: '198.18.0.203', groups: ['web']},
  'saved-2': {address: '198.18.0.204', groups: ['web']},
};

const CANARY = `canary-${randomBytes(12).toString('hex')}`;
const env = {INFRA_SECRET_CANARY: CANARY};

/** A secret in every place that takes one. */
const PLAYBOOK = `import {apt, block, command, file, line, play, playbook, restart, template} from 'infra';
import {tidy} from 'handlers-of-ours';
import {motd} from './words.js';
export default playbook('saved', ({secret}) => {
  const canary = secret('canary');
  return [play('web', {hosts: 'web'}, [
    file({path: '/etc/motd', content: motd, notify: restart('cron')}),
    file({path: '/etc/token', content: canary}),
    template({path: '/etc/app.conf', source: 'app.conf', vars: {canary}}),
    line({path: '/etc/lines', line: canary, create: true}),
    line({path: '/etc/options', line: 'own', create: true}),
    block({path: '/etc/app.env', name: 'app', block: canary, create: true}),
    command({name: 'count', command: 'printf %s "$TOKEN" | wc -c >/srv/count', creates: '/srv/count', env: {TOKEN: canary}}),
    file({path: '/etc/revealed', content: 'user=x\\npassword=' + canary.reveal() + '\\n'}),
    apt({packages: 'tree', notify: tidy}),
  ])];
});
`;

const PACKAGE = 'node_modules/handlers-of-ours';

const HANDLER = `import {sh} from 'infra';
export const tidy = {id: 'tidy', command: sh\`touch /srv/tidy\`};
`;

let project: Project;
let directory = '';

const infra = (...args: string[]) => project.run(args, env);
const text = (name: string) => readFile(path.join(directory, name), 'utf8');

test.before(async () => {
  const inventory = await bareHosts(HOSTS);
  project = await newProject(PLAYBOOK);
  ({directory} = project);
  await mkdir(path.join(directory, 'inventory/group_vars'), {recursive: true});
  await mkdir(path.join(directory, 'templates'));
  await mkdir(path.join(directory, 'playbooks'));
  await copyFile(inventory, path.join(directory, 'inventory/hosts.yml'));
  await writeFile(path.join(directory, 'inventory/group_vars/all.yml'), 'word: hello\n');
  await copyFile(path.join(directory, 'site.ts'), path.join(directory, 'playbooks/site.ts'));
  await writeFile(path.join(directory, 'playbooks/words.ts'), "export const motd = 'hello\\n';\n");
  await mkdir(path.join(directory, 'node_modules/handlers-of-ours'), {recursive: true});
  await writeFile(path.join(directory, PACKAGE, 'package.json'), '{"type": "module", "exports": "./index.js"}');
  await writeFile(
    path.join(directory, PACKAGE, 'index.d.ts'),
    "import type {Handler} from 'infra';\nexport const tidy: Handler;\n",
  );
  await writeFile(path.join(directory, PACKAGE, 'index.js'), HANDLER);
  await writeFile(path.join(directory, 'templates/app.conf.ejs'), 'user=app\npassword=<%= canary %>\n');
});

let planned: Outcome;

test('a plan is saved for its owner alone, and shown again as it was, anywhere', async (t) => {
  planned = await infra('plan', '--out', 'site.plan', '--detailed-exitcode');
  t.is(planned.code, 2, planned.stdout + planned.stderr);
  t.is((await stat(path.join(directory, 'site.plan'))).mode & 0o777, 0o600);
  const elsewhere = await newProject('');
  const shown = await elsewhere.run(['show', path.join(directory, 'site.plan')]);
  t.is(shown.stdout, planned.stdout);
  const json = await infra('plan', '--format', 'json');
  const again = await elsewhere.run(['show', path.join(directory, 'site.plan'), '--format', 'json']);
  t.deepEqual(withoutTime(again.stdout), withoutTime(json.stdout));
});

test('no secret stands in a plan, in any form', async (t) => {
  const outputs = [planned.stdout, planned.stderr, await text('site.plan')];
  for (const format of ['text', 'json', 'markdown'])
    outputs.push((await infra('show', 'site.plan', '--format', format)).stdout);
  for (const output of outputs)
    t.deepEqual(
      formsOf(CANARY).filter((form) => output.includes(form)),
      [],
    );
  const key = (await infra('secrets', 'get', 'infra/plan-key')).stdout;
  t.is(key.length, 32);
  for (const output of outputs) t.false(output.includes(key));
});

test('changed code, templates and inventory are refused by name, before any connection', async (t) => {
  const files = [
    'playbooks/site.ts',
    'playbooks/words.ts',
    'templates/app.conf.ejs',
    'inventory/hosts.yml',
    'inventory/group_vars/all.yml',
  ];
  for (const file of files) {
    const before = await text(file);
    await appendFile(path.join(directory, file), '\n');
    refused(t, await infra('apply', 'site.plan', '--yes'), new RegExp(`${file} \\(\\w+\\) has changed since the plan`));
    t.is((await infra('show', 'site.plan')).stdout, planned.stdout);
    await writeFile(path.join(directory, file), before);
  }
  const added = path.join(directory, 'inventory/host_vars');
  await mkdir(added);
  await writeFile(path.join(added, 'saved-1.yml'), '');
  refused(t, await infra('apply', 'site.plan', '--yes'), /inventory\/host_vars\/saved-1\.yml .* is new since the plan/);
  await rm(added, {recursive: true});
});

test('what is not a whole plan of this project, and options next to it, are refused', async (t) => {
  const plan = await text('site.plan');
  const write = (content: string) => writeFile(path.join(directory, 'other.plan'), content);
  refused(t, await infra('apply', 'site.plan', '--yes', '--limit', 'saved-1'), /--limit: a saved plan is applied as/);
  refused(t, await infra('apply', 'none.plan', '--yes'), /none\.plan does not exist/);
  refused(t, await infra('apply', 'playbooks/site.ts', '--yes'), /is a playbook, not a saved plan/);
  await write(plan.slice(0, 3000));
  refused(t, await infra('apply', 'other.plan', '--yes'), /is damaged/);
  await write(plan.replace('hello', 'hullo'));
  refused(t, await infra('apply', 'other.plan', '--yes'), /was changed after it was made/);
  await write(plan.replace(/"formatVersion": "[\d.]+"/, '"formatVersion": "99.0"'));
  refused(t, await infra('apply', 'other.plan', '--yes'), /has format 99\.0/);
  const foreign = {...env, INFRA_SECRET_INFRA_PLAN_KEY: 'some other key of 25 chars'};
  refused(t, await project.run(['apply', 'site.plan', '--yes'], foreign), /plan key that this project does not have/);
  refused(t, await infra('plan', '--out', 'playbooks/site.ts'), /it exists and is not a saved plan/);
});

test('a package that the playbook imports and that runs something else now is refused, and nothing is done', async (t) => {
  await writeFile(path.join(directory, PACKAGE, 'index.js'), HANDLER.replace('touch /srv/tidy', 'touch /srv/edited'));
  const name = new RegExp(`${PACKAGE}/index\\.js \\(package\\) has changed since the plan`);
  refused(t, await infra('apply', 'site.plan', '--yes'), name);
  for (const host of Object.keys(HOSTS)) {
    t.is(await askHost(host, 'ls /srv; cat /etc/token 2>/dev/null | wc -c'), '0\n');
  }
  await writeFile(path.join(directory, PACKAGE, 'index.js'), HANDLER);
});

test('commands are shown with -vv, those of handlers too', async (t) => {
  for (const format of ['text', 'markdown']) {
    const {stdout} = await infra('show', 'site.plan', '-vv', '--format', format);
    t.regex(stdout, /→ tidy .*\n +\$ touch \/srv\/tidy/);
  }
});

test('drift refuses its host alone and shows both states; the others go on', async (t) => {
  await askHost('saved-2', 'echo drifted >/etc/motd; touch /etc/token');
  const {code, stdout} = await infra('apply', 'site.plan', '--yes');
  t.is(code, 1, stdout);
  t.true(stdout.startsWith(planned.stdout));
  t.regex(
    stdout,
    /✗ saved-2: drifted\n {2}it is no longer as it was when the plan was made:\s+file\s+\/etc\/motd,\s+file\s+\/etc\/token/,
  );
  t.regex(stdout, /^ +-individual files in/m);
  t.regex(stdout, /^ +\+drifted$/m);
  t.regex(stdout, /absent when planned, present now/);
  t.regex(stdout, /✓ saved-1 +changed/);
  t.is(await askHost('saved-1', 'cat /etc/motd; cat /etc/token'), `hello\n${CANARY}`);
  t.is(await askHost('saved-2', 'cat /etc/motd /etc/token; ! test -e /etc/app.conf'), 'drifted\n');
  t.is(await askHost('saved-2', 'ls /var/lib/infra/plans 2>/dev/null | wc -l'), '0\n');
});

test('a plan is applied once: not again here, and not by another operator', async (t) => {
  refused(
    t,
    await infra('apply', 'site.plan', '--yes'),
    /this plan was applied on \d{4}-.* by \S+@\S+; a plan is applied once/,
  );
  const clone = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
  await cp(directory, clone, {recursive: true});
  await rm(path.join(clone, '.infra'), {recursive: true});
  await mkdir(path.join(clone, '.infra'), {mode: 0o700});
  await copyFile(path.join(directory, '.infra/identity.txt'), path.join(clone, '.infra/identity.txt'));
  const {code, stdout} = await inDirectory(clone, 'apply', 'site.plan', '--yes');
  t.is(code, 1);
  t.regex(stdout, /✗ saved-1: already-applied\n {2}this plan was applied to it on .* by /);
  t.regex(stdout, /✗ saved-2: drifted/);
  t.is((await infra('show', 'site.plan')).stdout, planned.stdout);
});

test('a new plan is applied in full, also when its options came with it', async (t) => {
  const saved = await infra('plan', '--out', 'two.plan', '--limit', 'saved-2');
  t.is(saved.code, 0, saved.stderr);
  const applied = await infra('apply', 'two.plan', '--yes');
  t.is(applied.code, 0, applied.stdout + applied.stderr);
  t.regex(applied.stdout, /✓ saved-2 +changed/);
  t.notRegex(applied.stdout, /saved-1/);
  const rest = await infra('plan', '--detailed-exitcode');
  t.is(rest.code, 0, rest.stdout);
});

test('a line next to the planned one, in a file that is up to date, is not drift', async (t) => {
  await askHost('saved-1', 'echo bye >/etc/motd');
  await infra('plan', '--out', 'three.plan');
  await askHost('saved-1', 'echo more >>/etc/options');
  const applied = await infra('apply', 'three.plan', '--yes');
  t.is(applied.code, 0, applied.stdout + applied.stderr);
  t.is(await askHost('saved-1', 'cat /etc/motd'), 'hello\n');
});

function refused(t: ExecutionContext, {code, stdout, stderr}: Outcome, reason: RegExp): void {
  t.is(code, 1, stdout + stderr);
  t.regex(stderr, reason);
  t.regex(stderr, /help: /);
  t.is(stdout, '');
}

/** As another operator would run it, with a state directory of their own. */
function inDirectory(cwd: string, ...args: string[]): Promise<Outcome> {
  return new Promise((settle) => {
    const options = {cwd, env: {...process.env, NO_COLOR: '1', ...env}};
    execFile(process.execPath, [path.resolve('bin/infra'), ...args], options, (error, stdout, stderr) => {
      settle({code: error ? Number(error.code) : 0, stdout, stderr});
    });
  });
}

function withoutTime(json: string): object {
  const {timestamp, ...rest} = JSON.parse(json);
  return rest;
}

/** A secret as it is, encoded, and as digests that could be guessed from. */
function formsOf(clear: string): string[] {
  const forms = [clear, `${clear}\n`];
  const digests = forms.flatMap((form) => ['sha256', 'sha1', 'md5'].map((name) => digest(name, form)));
  return [
    clear,
    ...forms.map((form) =>
      Buffer.from(form)
        .toString('base64')
        .replace(/.{3}=*$/, ''),
    ),
    ...forms.map((form) => Buffer.from(form).toString('hex')),
    encodeURIComponent(clear),
    ...digests,
    // As short as digests are shown.
    ...digests.map((each) => each.slice(0, 12)),
  ];
}

function digest(name: string, value: string): string {
  return createHash(name).update(value).digest('hex');
}
