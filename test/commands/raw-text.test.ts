import {once} from 'node:events';
import {mkdirSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openJournal, RECORD_VERSION, type RunHead} from '../../src/records/index.js';
import {HOSTILE, isForged, RAW, rawIn} from '../support/hostile.js';
import {emptyProject, newProject, type Project} from '../support/project.js';

/** Of what commands print: nothing raw, and no line of somebody else's. `expected`: that it was shown at all. */
async function isVisible(t: ExecutionContext, {run}: Project, args: readonly string[], expected = /␛/, env = {}) {
  const {code, stdout, stderr} = await run(args, env);
  const shown = `${stdout}\n${stderr}`;
  t.deepEqual(rawIn(shown, true), [], `infra ${args.join(' ')}: ${JSON.stringify(shown.slice(0, 3000))}`);
  t.false(isForged(shown), shown);
  t.regex(shown, expected);
  return code;
}

const NAME = `x${RAW}y`;
const INVENTORY = (name: string) => `web: {hosts: {${JSON.stringify(name)}: {address: 127.0.0.1, port: 1}}}\n`;
const PLAYBOOK = (name: string, hosts: string) => `import {play, playbook} from 'infra';
export default playbook(${JSON.stringify(name)}, [play('web', {hosts: ${JSON.stringify(hosts)}}, [])]);\n`;

async function site(playbook: string, inventory = INVENTORY('web1')) {
  const project = await newProject(playbook);
  writeFileSync(path.join(project.directory, 'hosts.yml'), inventory);
  return project;
}

const OPTIONS = ['--inventory', 'hosts.yml', '--playbook', 'site.ts'];

test('names of hosts and groups, and patterns', async (t) => {
  const named = await site(PLAYBOOK('site', 'all'), INVENTORY(NAME));
  await isVisible(t, named, ['plan', ...OPTIONS]);
  await isVisible(t, named, ['graph', ...OPTIONS], /flowchart|error/);
  const grouped = await site(PLAYBOOK('site', 'all'), `${JSON.stringify(NAME)}: {hosts: {a: {adress: 1}}}\n`);
  await isVisible(t, grouped, ['plan', ...OPTIONS], /error/);
  await isVisible(t, await site(PLAYBOOK('site', `web:${NAME.replaceAll('[', '')}`)), ['plan', ...OPTIONS]);
  await isVisible(t, await site(PLAYBOOK('site', 'web')), [
    'plan',
    ...OPTIONS,
    '--limit',
    NAME.replaceAll(/[[\ud83d]/g, ''),
  ]);
});

test('errors that a playbook throws', async (t) => {
  for (const thrown of [`new Error(${JSON.stringify(NAME)})`, JSON.stringify(NAME)]) {
    const text = `import {play, playbook} from 'infra';\nexport default playbook('site', () => { throw ${thrown}; });\n`;
    await isVisible(t, await site(text), ['plan', ...OPTIONS]);
  }
});

test('a rejected promise of the playbook shows no secret', async (t) => {
  const text = `import {play, playbook} from 'infra';
export default playbook('site', ({secret}) => {
  Promise.reject(new Error('not with ' + secret('pass').reveal() + ${JSON.stringify(NAME)}));
  return [play('web', {hosts: 'web'}, [])];
});\n`;
  const project = await site(text);
  const {code, stderr} = await project.run(['plan', ...OPTIONS], {INFRA_SECRET_PASS: 'canary-of-nobody'});
  t.is(code, 1);
  t.regex(stderr, /not with \(sensitive\)/);
  t.deepEqual(rawIn(stderr, true), []);
  t.notRegex(stderr, /canary/);
});

test('names of plans, secrets and files, and words of the command line', async (t) => {
  const project = await site(PLAYBOOK('site', 'web'));
  const name = NAME.replaceAll('\ud83d', '');
  await isVisible(t, project, ['show', name]);
  await isVisible(t, project, ['apply', `${name}.plan`, '--yes']);
  await isVisible(t, project, ['secrets', 'get', name]);
  await isVisible(t, project, ['plan', '--playbook', `${name}.ts`, '--inventory', 'hosts.yml']);
  await isVisible(t, project, [name]);
  await isVisible(t, project, ['plan', `--${name}`]);
  await isVisible(t, project, ['report', name], /error/);
});

/** A run as somebody else may have put it on record. */
function foreignRecord({directory}: Project): void {
  const head: RunHead = {
    format: 'infra-run',
    formatVersion: RECORD_VERSION,
    run: `20261122-103004-k7f2${HOSTILE}`,
    started: '2026-11-22T10:30:04.000Z',
    ...{operator: HOSTILE, machine: HOSTILE, process: 1, machineKey: '-', version: HOSTILE, arguments: [HOSTILE]},
    playbook: {file: HOSTILE, name: HOSTILE, digest: HOSTILE},
    inventory: {file: HOSTILE, digest: HOSTILE},
    options: {},
    resumes: HOSTILE,
    hosts: [HOSTILE, 'b'],
  };
  const journal = openJournal(directory, {...head, run: '20261122-103004-k7f2'});
  journal.finish({ended: '2026-11-22T10:30:06.000Z', exitCode: 1, outcome: 'applied', results: []});
  const time = '2026-11-22T10:30:05.000Z';
  const failure = {reason: 'locked', message: HOSTILE, task: HOSTILE, output: HOSTILE} as const;
  const events = [{type: 'host-failed', host: HOSTILE, failure, time}];
  const record = {...head, ended: time, exitCode: 1, outcome: 'applied', results: [], events};
  writeFileSync(path.join(directory, '.infra/runs/20261122-103004-k7f2.json'), JSON.stringify(record));
}

test('records that somebody else made', async (t) => {
  const project = await emptyProject();
  foreignRecord(project);
  await isVisible(t, project, ['runs']);
  await isVisible(t, project, ['runs', 'show', '--output']);
  const {stdout} = await project.run(['report']);
  t.deepEqual(rawIn(stdout), []);
  t.regex(stdout, /<h1>a␛/);
  await isVisible(t, project, ['report', '--output', 'page.html'], /The page is in/);
  await isVisible(t, project, ['apply', '--resume', '--yes']);
});

test('names that TAB would complete', async (t) => {
  const project = await site(PLAYBOOK('site', 'web'), INVENTORY(NAME));
  mkdirSync(path.join(project.directory, 'inventory'));
  writeFileSync(path.join(project.directory, 'inventory', `z${NAME.replaceAll('\ud83d', '')}.yml`), '');
  await isVisible(t, project, ['complete', '--', 'plan', '--inventory', 'hosts.yml', '--limit', ''], /^/);
  await isVisible(t, project, ['complete', '--', 'plan', '--inventory', 'inventory/'], /^/);
});

/** Ends every connection before it shows a host key, with these words (RFC 4253, 11.1). */
async function refusing(t: ExecutionContext, words: string): Promise<number> {
  const text = Buffer.from(words);
  const payload = Buffer.concat([Buffer.from([1, 0, 0, 0, 2]), lengthOf(text), text, lengthOf(Buffer.alloc(0))]);
  const padding = 8 + ((8 - ((payload.length + 5) % 8)) % 8);
  const packet = Buffer.concat([lengthOf({length: payload.length + padding + 1}), Buffer.from([padding]), payload]);
  const server = createServer((socket) => {
    socket.on('error', () => {}).resume();
    socket.write('SSH-2.0-x\r\n');
    socket.end(Buffer.concat([packet, Buffer.alloc(padding)]));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

function lengthOf({length}: {readonly length: number}): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
}

test('the message of a server before it has shown its host key, in quotes', async (t) => {
  const port = await refusing(t, HOSTILE);
  const servers = [`127.0.0.1:${port}`, `127.0.0.2:${port}`];
  const project = await emptyProject();
  const home = {HOME: project.directory, SSH_AUTH_SOCK: ''};
  const expected = /127\.0\.0\.1 port \d+ said: "a␛/;
  t.is(await isVisible(t, project, ['init', ...servers, '--yes', '--domain', 'a.example.org'], expected, home), 1);
});
