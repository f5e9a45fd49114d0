import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {newAuthority} from '../../support/authority.js';
import {KEYS, openTerminal} from '../../support/terminal.js';

const INFRA = resolve('bin/infra');

/** A directory of its own, with another home, and `infra init` in it. No server is connected to. */
function place(t: ExecutionContext) {
  const home = mkdtempSync(join(tmpdir(), 'infra-init-home-'));
  const directory = mkdtempSync(join(tmpdir(), 'infra-init-test-'));
  t.teardown(() => {
    for (const each of [home, directory]) rmSync(each, {recursive: true});
  });
  const env = {PATH: process.env.PATH, HOME: home, TERM: 'xterm', LANG: 'C.UTF-8', NO_COLOR: '1'};
  const run = (...args: readonly string[]) =>
    new Promise<{code: number | null; stdout: string; stderr: string}>((done) => {
      const child = spawn(process.execPath, [INFRA, 'init', ...args], {cwd: directory, env});
      const texts = {stdout: '', stderr: ''};
      child.stdout.on('data', (text) => (texts.stdout += text));
      child.stderr.on('data', (text) => (texts.stderr += text));
      child.stdin.end();
      child.on('close', (code) => done({code, ...texts}));
    });
  const ask = (args: string, others: NodeJS.ProcessEnv = {}) =>
    openTerminal(`${process.execPath} ${INFRA} init ${args}`, directory, {...env, ...others});
  const file = (path: string) => readFileSync(join(directory, path), 'utf8');
  return {home, directory, run, ask, file, files: () => readdirSync(directory).sort()};
}

const THREE = ['192.0.2.10', '192.0.2.11', '192.0.2.12'];
const UNASKED = ['--yes', '--no-connect'];

test('without a terminal it refuses at once, naming the flags of open questions', async (t) => {
  const {run, files} = place(t);
  const {code, stdout, stderr} = await run('--domain', 'a.example.org', '--no-connect');
  t.deepEqual([code, stdout, files()], [1, '', []]);
  t.regex(stderr, /there is no terminal.*addresses of your servers, --user <name>.*--ssh-from/);
  t.notRegex(stderr, /--domain/);
});

test('flags alone make a project with its secrets, and a second run changes nothing', async (t) => {
  const {run, file, directory, home} = place(t);
  const {code, stdout, stderr} = await run(...THREE, ...UNASKED, '--domain', 'a.example.org');
  t.is(code, 0, stderr);
  t.regex(stdout, /site\.ts/);
  t.regex(stdout, /Next:\n {2}infra plan/);
  t.regex(file('inventory/hosts.yml'), /lb1: *\{ ?address: 192\.0\.2\.10/);
  t.regex(file('secrets/passwords.age.yaml'), /^mysql\/app:/m);
  t.true(existsSync(join(directory, '.infra/identity.txt')));
  t.deepEqual(
    readdirSync(home).filter((name) => name === '.ssh'),
    [],
  );
  const before = file('infra.answers.yml');
  const again = await run(...UNASKED);
  t.deepEqual([again.code, again.stderr, file('infra.answers.yml')], [0, '', before]);
  t.regex(again.stdout, /^Nothing changes/);
});

test('an answers file works like flags, and its faults are shown at their places', async (t) => {
  const {run, file, directory, files} = place(t);
  writeFileSync(join(directory, 'mine.yml'), `servers: [${THREE.join(', ')}]\ndomian: a.example.org\n`);
  const wrong = await run('--answers', 'mine.yml', ...UNASKED);
  t.deepEqual([wrong.code, files()], [1, ['mine.yml']]);
  t.regex(wrong.stderr, /mine\.yml:2:1 error: there is no question "domian"[\s\S]*Did you mean "domain"/);
  writeFileSync(join(directory, 'mine.yml'), `servers: [${THREE.join(', ')}]\ndomain: a.example.org\n`);
  t.is((await run('--answers', 'mine.yml', ...UNASKED)).code, 0);
  t.regex(file('inventory/group_vars/all.yml'), /domain: a\.example\.org/);
});

test('an impossible project is refused with every reason, and nothing is written', async (t) => {
  const {run, files} = place(t);
  const alone = await run('192.0.2.10', ...UNASKED);
  t.regex(alone.stderr, /one server is not enough/);
  const pair = await run(...THREE, '192.0.2.13', ...UNASKED);
  t.regex(pair.stderr, /--virtual-address <address> is missing/);
  const flags = await run(...THREE, '--tls', 'file', '--domain', 'x', '--host-key', 'abc', ...UNASKED);
  for (const flag of [/--tls: .*\n.*Did you mean "files"/, /--domain: /, /--host-key: /]) t.regex(flags.stderr, flag);
  t.deepEqual([alone.code, pair.code, flags.code, files()], [1, 1, 1, []]);
});

test('a later run shows what it changes, adds servers, and keeps what was edited by hand', async (t) => {
  const {run, file, directory} = place(t);
  writeFileSync(join(directory, 'README.md'), '# mine\n');
  const first = await run(...THREE.slice(0, 2), ...UNASKED);
  t.regex(first.stderr, /Kept as you have it: README\.md/);
  const {code, stdout, stderr} = await run('192.0.2.12', '--domain', 'b.example.org', ...UNASKED);
  t.is(code, 0, stderr);
  t.regex(stdout, /\n\+.*app2.*192\.0\.2\.12/);
  t.regex(stdout, /\n-domain: www\.example\.test\n\+domain: b\.example\.org/);
  t.regex(stderr, /Kept as you have it: README\.md/);
  t.is(file('README.md'), '# mine\n');
  t.regex(file('infra.answers.yml'), /app2.*replica/);
});

test('the key of a certificate is kept in the secrets and in no other file', async (t) => {
  const {run, directory, files, file} = place(t);
  const missing = await run(...THREE, ...UNASKED, '--tls', 'files');
  t.regex(missing.stderr, /--certificate <file> is missing[\s\S]*--key <file> is missing/);
  writeFileSync(join(directory, 'key.pem'), 'no key\n');
  const wrong = await run(...THREE, ...UNASKED, '--tls', 'files', '--certificate', 'none.pem', '--key', 'key.pem');
  t.regex(
    wrong.stderr,
    /--certificate: the file "none\.pem" cannot be read[\s\S]*--key: "key\.pem" does not have a private key/,
  );
  t.deepEqual(files(), ['key.pem']);
  const leaf = await (await newAuthority()).issue({names: ['a.example.org'], usage: 'server'});
  const mine = mkdtempSync(join(tmpdir(), 'infra-init-tls-'));
  t.teardown(() => rmSync(mine, {recursive: true}));
  const [certificate, key] = [join(mine, 'certificate.pem'), join(mine, 'key.pem')];
  writeFileSync(certificate, leaf.certificate);
  writeFileSync(key, leaf.key.reveal());
  const named = ['--tls', 'files', '--certificate', certificate, '--key', key, '--domain', 'a.example.org'];
  const {code, stderr} = await run(...THREE, ...UNASKED, ...named);
  t.is(code, 0, stderr);
  t.regex(file('secrets/passwords.age.yaml'), /^tls\/site:/m);
  t.is(file('tls/site.pem'), leaf.certificate);
  const [, line = ''] = leaf.key.reveal().split('\n');
  const written = readdirSync(directory, {recursive: true, encoding: 'utf8', withFileTypes: true}).filter((each) =>
    each.isFile(),
  );
  const holding = written.filter((each) => readFileSync(join(each.parentPath, each.name), 'utf8').includes(line));
  t.true(written.length > 10 && line.length > 40);
  t.deepEqual(holding, []);
});

test('asked at a terminal, wrong answers are refused with their reason and lose nothing', async (t) => {
  const {ask, file} = place(t);
  const {sees, press, ended} = ask('--no-connect');
  await sees(/Where are your servers\?[\s\S]*Enter select/);
  press(KEYS.enter);
  await sees(/> /);
  press('192.0.2.10 300.1.1.1', KEYS.enter);
  await sees(/"300\.1\.1\.1" is not an IPv4 address/);
  press(KEYS.enter);
  await sees(/One server is not enough[\s\S]*> /);
  // Pasted at once, with an empty line in it.
  press('192.0.2.11\r\rdeploy@192.0.2.12\r');
  await sees(/192\.0\.2\.12 as deploy[\s\S]*> /);
  press(KEYS.enter);
  await sees(/Log in as \(deploy\)/);
  press(KEYS.enter);
  await sees(/With the key[\s\S]*Enter select/);
  press(KEYS.enter);
  await sees(/app2 +192\.0\.2\.12 +web, replica[\s\S]*Continue with these roles\?/);
  press(KEYS.enter);
  await sees(/public name/);
  press('localhost', KEYS.enter);
  await sees(/"localhost" is not a domain name/);
  press(KEYS.clear, 'a.example.org', KEYS.enter);
  const questions = [
    /certificate that visitors see/,
    /Database/,
    /write to the database is done/,
    /Backups of the database/,
  ];
  for (const question of [...questions, /web servers serve/, /connect to SSH/]) {
    await sees(new RegExp(`${question.source}[\\s\\S]*Enter select`));
    press(KEYS.enter);
  }
  await sees(/public name +a\.example\.org[\s\S]*What now\?[\s\S]*Enter select/);
  press(KEYS.enter);
  await sees(/Make the plan now\?/);
  press('n', KEYS.enter);
  t.is(await ended, 0);
  t.regex(file('infra.answers.yml'), /app2, address: 192\.0\.2\.12, roles: \[web, replica\]/);
});

test('roles that clash are shown and asked again', async (t) => {
  const {ask, file} = place(t);
  const {sees, press, ended} = ask(
    `${THREE.join(' ')} --no-connect --user root --identity-file agent --domain a.example.org --tls authority --database mariadb --writes asynchronous --backups servers --content page --ssh-from anywhere`,
  );
  await sees(/Continue with these roles\?/);
  press('n', KEYS.enter);
  await sees(/Change which server\?[\s\S]*Enter select/);
  press(KEYS.enter);
  await sees(/Its name/);
  press(KEYS.clear, 'edge', KEYS.enter);
  await sees(/Its address/);
  press(KEYS.enter);
  await sees(/Roles of edge[\s\S]*Enter submit/);
  press(KEYS.down, KEYS.space, KEYS.enter);
  await sees(/edge cannot be balancer and web server[\s\S]*Change which server\?[\s\S]*Enter select/);
  press(KEYS.enter);
  await sees(/Its name/);
  press(KEYS.enter);
  await sees(/Its address/);
  press(KEYS.enter);
  await sees(/Roles of edge[\s\S]*Enter submit/);
  press(KEYS.down, KEYS.space, KEYS.enter);
  await sees(/edge +192\.0\.2\.10 +balancer\n[\s\S]*Continue with these roles\?/);
  press(KEYS.enter);
  await sees(/What now\?[\s\S]*Enter select/);
  press(KEYS.enter);
  await sees(/Make the plan now\?/);
  press('n', KEYS.enter);
  t.is(await ended, 0);
  t.regex(file('inventory/hosts.yml'), /edge:/);
});

test('Ctrl-C at a question writes nothing and ends with 130', async (t) => {
  for (const [args, question] of [
    ['--no-connect', /Where are your servers\?[\s\S]*Enter select/],
    [`${THREE.join(' ')} --no-connect`, /Log in as/],
    [`${THREE.join(' ')} --no-connect --user root --identity-file agent`, /Continue with these roles\?/],
  ] as const) {
    const {ask, files} = place(t);
    const {sees, press, ended} = ask(args);
    await sees(question);
    press(KEYS.ctrlC);
    await sees(/Nothing was written\./);
    t.deepEqual([await ended, files()], [130, []], args);
  }
});

test('infra asks about each file of the user, shows the difference, and writes nothing after a no', async (t) => {
  const {ask, directory, files, file} = place(t);
  writeFileSync(join(directory, 'package.json'), '{"name": "mine"}\n');
  const args = `${THREE.join(' ')} --no-connect --user root --identity-file agent --domain a.example.org --tls authority --database mariadb --writes asynchronous --backups servers --content page --ssh-from anywhere`;
  const {sees, press, ended} = ask(args);
  await sees(/Continue with these roles\?/);
  press(KEYS.enter);
  await sees(/What now\?[\s\S]*Enter select/);
  press(KEYS.enter);
  await sees(/package\.json is your own[\s\S]*Enter select/);
  press(KEYS.down, KEYS.enter);
  await sees(/-\{"name": "mine"\}[\s\S]*package\.json is your own[\s\S]*Enter select/);
  press(KEYS.enter);
  await sees(/Kept as you have it: package\.json[\s\S]*Write these \d+ files\?/);
  press('n', KEYS.enter);
  t.is(await ended, 0);
  t.deepEqual([files(), file('package.json')], [['package.json'], '{"name": "mine"}\n']);
});

test('a terminal without Unicode and without colour gets neither', async (t) => {
  const {ask} = place(t);
  for (const env of [{TERM: 'linux'}, {LANG: 'C'}]) {
    const {sees, press, ended, shown, raw} = ask(`${THREE.join(' ')} --no-connect --user root`, env);
    await sees(/With the key[\s\S]*Enter select/);
    press(KEYS.enter);
    await sees(/Continue with these roles\?/);
    press(KEYS.ctrlC);
    await ended;
    t.notRegex(shown(), /[^\u0000-\u007f]/);
    t.notRegex(raw(), /\u001b\[[\d;]*[1-9][\d;]*m/);
  }
});
