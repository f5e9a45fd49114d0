import {spawn} from 'node:child_process';
import {chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';

const INFRA = resolve('bin/infra');

/** A project of its own, and `infra secrets` in it. */
function project(t: ExecutionContext) {
  const directory = mkdtempSync(join(tmpdir(), 'infra-secrets-'));
  t.teardown(() => rmSync(directory, {recursive: true}));
  const start = (args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, [INFRA, 'secrets', ...args], {cwd: directory, env: {...process.env, ...env}});
    const texts = {stdout: '', stderr: ''};
    child.stdout.on('data', (text) => (texts.stdout += text));
    child.stderr.on('data', (text) => (texts.stderr += text));
    child.stdin.end(input);
    const ended = new Promise<{code: number | null} & typeof texts>((done) => {
      child.on('close', (code) => done({code, ...texts}));
    });
    return {child, ended};
  };
  const editor = (script: string) => {
    const file = join(directory, 'editor');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o700);
    return {EDITOR: file};
  };
  return {directory, start, editor, run: (...given: Parameters<typeof start>) => start(...given).ended};
}

test('a value that is set is listed by its name, and printed as it was given', async (t) => {
  const {run, directory} = project(t);
  t.is((await run(['set', 'smtp/password'], 'hunter2 hunter2\n')).code, 0);
  t.is((await run(['set', 'tls/key'], 'first line\nsecond line\n')).code, 0);
  const {stdout} = await run(['list']);
  t.is(stdout, 'smtp/password  secrets/passwords.age.yaml\ntls/key        secrets/passwords.age.yaml\n');
  t.is((await run(['get', 'smtp/password'])).stdout, 'hunter2 hunter2');
  t.is((await run(['get', 'tls/key'])).stdout, 'first line\nsecond line\n');
  t.false(readFileSync(join(directory, 'secrets/passwords.age.yaml'), 'utf8').includes('hunter2'));
  const unknown = await run(['get', 'smtp/pasword']);
  t.deepEqual([unknown.code, unknown.stdout], [1, '']);
  t.regex(unknown.stderr, /Did you mean "smtp\/password"\?/);
});

test('a random value is rotated to another one of its length, and neither is printed', async (t) => {
  const {run} = project(t);
  const made = await run(['set', 'app/token', '--random', '--length', '20']);
  const first = (await run(['get', 'app/token'])).stdout;
  t.regex(first, /^[A-Za-z0-9]{20}$/);
  const rotated = await run(['rotate', 'app/token']);
  const second = (await run(['get', 'app/token'])).stdout;
  t.regex(second, /^[A-Za-z0-9]{20}$/);
  t.not(first, second);
  const printed = made.stdout + made.stderr + rotated.stdout + rotated.stderr;
  t.false(printed.includes(first) || printed.includes(second));
  t.regex(rotated.stderr, /infra apply/);
  await run(['set', 'tls/key'], 'first line\nsecond line\n');
  t.regex((await run(['rotate', 'tls/key'])).stderr, /infra secrets set tls\/key < FILE/);
});

test('two processes that set secrets at once lose none', async (t) => {
  const {run} = project(t);
  await run(['init']);
  await Promise.all(['one', 'two', 'three'].map((name) => run(['set', name, '--random'])));
  t.is((await run(['list'])).stdout.split('\n').length, 4);
});

test('an editor gets all passwords in a private file; its changes are kept, and the file is deleted', async (t) => {
  const {run, directory, editor} = project(t);
  await run(['set', 'one'], 'value one');
  await run(['set', 'two'], 'value two');
  const seen = `echo "$1" > ${directory}/path; stat -c %a "$(dirname "$1")" "$1" > ${directory}/modes`;
  const edited = await run(
    ['edit'],
    '',
    editor(`${seen}; sed -i 's/value one/12345/; /^two/d' "$1"; echo 'new/one: "a\\"b c"' >> "$1"`),
  );
  t.is(edited.code, 0, edited.stderr);
  t.is(readFileSync(join(directory, 'modes'), 'utf8'), '700\n600\n');
  t.false(existsSync(readFileSync(join(directory, 'path'), 'utf8').trim()));
  t.deepEqual([(await run(['get', 'one'])).stdout, (await run(['get', 'new/one'])).stdout], ['12345', 'a"b c']);
  t.is((await run(['get', 'two'])).code, 1);
  const sealed = readFileSync(join(directory, 'secrets/passwords.age.yaml'), 'utf8');
  t.regex((await run(['edit'], '', editor('true'))).stderr, /Nothing was changed/);
  t.is(readFileSync(join(directory, 'secrets/passwords.age.yaml'), 'utf8'), sealed);
});

test('an edit that fails changes nothing and leaves nothing behind', async (t) => {
  const {run, directory, editor} = project(t);
  await run(['set', 'one'], 'value one');
  const sealed = readFileSync(join(directory, 'secrets/passwords.age.yaml'), 'utf8');
  const note = `echo "$1" > ${directory}/path`;
  for (const script of ['exit 3', `echo 'x: hunter2: [' >> "$1"`, `echo 'x: abc' >> "$1"`]) {
    const {code, stderr} = await run(['edit'], '', editor(`${note}; ${script}`));
    t.is(code, 1);
    t.notRegex(stderr, /hunter2|value one/);
    t.false(existsSync(readFileSync(join(directory, 'path'), 'utf8').trim()), script);
  }
  t.is(readFileSync(join(directory, 'secrets/passwords.age.yaml'), 'utf8'), sealed);
});

test('an infra that is ended while an editor runs leaves no text behind', async (t) => {
  const {run, start, directory, editor} = project(t);
  await run(['set', 'one'], 'value one');
  const path = join(directory, 'path');
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    const {child, ended} = start(['edit'], '', editor(`echo "$1" > ${path}; exec sleep 60`));
    while (!existsSync(path) || readFileSync(path, 'utf8') === '') await sleep(20);
    const text = readFileSync(path, 'utf8').trim();
    t.true(existsSync(text));
    child.kill(signal);
    t.not((await ended).code, 0);
    t.false(existsSync(text));
    rmSync(path);
  }
});

test('somebody gets access by the line that init shows, and loses it, with a note about the values so far', async (t) => {
  const ours = project(t);
  const theirs = project(t);
  await ours.run(['set', 'one'], 'value one');
  const key = (await theirs.run(['init'])).stdout.trim();
  const identity = {INFRA_AGE_IDENTITY_FILE: join(theirs.directory, '.infra/identity.txt')};
  t.regex((await ours.run(['init'], '', identity)).stderr, /give you access: infra secrets recipients add age1/);
  t.regex((await ours.run(['get', 'one'], '', identity)).stderr, /"one" is not encrypted for the identity in/);
  t.is((await ours.run(['recipients', 'add', key, '--name', 'alice'])).code, 0);
  t.is((await ours.run(['get', 'one'], '', identity)).stdout, 'value one');
  t.regex((await ours.run(['recipients'])).stdout, /^age1\w{58} {2}\S+\nage1\w{58} {2}alice\n$/);
  t.regex((await ours.run(['recipients', 'remove', 'alice'])).stderr, /alice still knows[\s\S]*rotate NAME/);
  t.is((await ours.run(['get', 'one'], '', identity)).code, 1);
  const own = (await ours.run(['recipients'])).stdout.slice(0, 62);
  t.regex((await ours.run(['recipients', 'remove', own])).stderr, /your own recipient/);
  t.deepEqual(readdirSync(join(ours.directory, 'secrets')).sort(), ['passwords.age.yaml', 'recipients.txt']);
});
