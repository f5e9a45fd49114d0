import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {checkTypes} from '../../src/playbooks/index.js';

/** A playbook whose name is its version, with a local import that has it too. */
function project(t: ExecutionContext) {
  const root = mkdtempSync(join(tmpdir(), 'infra-cache-'));
  t.teardown(() => rmSync(root, {recursive: true, force: true}));
  const [playbook, cache] = [join(root, 'site.ts'), join(root, 'cache')];
  const write = (version: string) => {
    writeFileSync(join(root, 'version.ts'), `export const version: string = '${version}';\n`);
    writeFileSync(
      playbook,
      `import {playbook} from 'infra';\nimport {version} from './version.ts';\nexport default playbook('${version}' + version, []);\n`,
    );
  };
  return {root, playbook, cache, write};
}

/** The versions in the JavaScript that would run. */
function versionsIn(compiled: string | undefined): (string | undefined)[] {
  if (compiled === undefined) return ['nothing is compiled'];
  const texts = [compiled, join(dirname(compiled), 'version.js')].map((file) => readFileSync(file, 'utf8'));
  return texts.map((text) => /'(v\d+)'/.exec(text)?.[1]);
}

const compiledOf = async (playbook: string, cache: string) => (await checkTypes(playbook, cache)).compiled;

/** A check in a process of its own. */
function startCheck(playbook: string, cache: string): ChildProcess {
  const module = resolve('build/src/playbooks/index.js');
  const script = `import {checkTypes} from ${JSON.stringify(module)};
const {compiled, skipped, diagnostics} = await checkTypes(...process.argv.slice(1));
console.log(compiled ?? JSON.stringify({skipped, diagnostics}));`;
  const args = ['--input-type=module', '-e', script, playbook, cache];
  return spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit']});
}

async function outputOf({stdout}: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout ?? []) text += String(chunk);
  return text.trim();
}

test('a check that is killed at any moment leaves no JavaScript of another version', async (t) => {
  const {playbook, cache, write} = project(t);
  write('v0');
  await compiledOf(playbook, cache);
  for (let version = 1; version <= 8; version++) {
    write(`v${version}`);
    const check = startCheck(playbook, cache);
    const ended = once(check, 'exit');
    await wait(100 + Math.random() * 1500);
    check.kill('SIGKILL');
    await ended;
    // The compiler is a process of its own, which goes on and writes.
    await wait(1000);
    write('v0');
    t.deepEqual(versionsIn(await compiledOf(playbook, cache)), ['v0', 'v0']);
  }
});

test('checks at the same time leave what each of them would', async (t) => {
  const {playbook, cache, write} = project(t);
  write('v1');
  const outputs = await Promise.all([1, 2, 3].map(() => outputOf(startCheck(playbook, cache))));
  t.is(new Set(outputs).size, 1);
  t.deepEqual(versionsIn(outputs[0]), ['v1', 'v1']);
});

test('files that change while they are compiled are compiled again', async (t) => {
  const {playbook, cache, write} = project(t);
  write('v1');
  const check = checkTypes(playbook, cache);
  const last = Date.now() + 300;
  for (let version = 2; Date.now() < last; version++) {
    write(`v${version}`);
    await wait(20);
  }
  write('v1');
  t.deepEqual(versionsIn((await check).compiled), ['v1', 'v1']);
});

test('JavaScript that was edited after the check is made again', async (t) => {
  const {playbook, cache, write} = project(t);
  write('v1');
  const compiled = (await compiledOf(playbook, cache)) ?? '';
  const before = readFileSync(compiled, 'utf8');
  for (const spoil of [
    () => appendFileSync(compiled, 'globalThis.spoilt = 1;\n'),
    () => writeFileSync(join(dirname(compiled), 'version.js'), ''),
    () => rmSync(join(dirname(compiled), 'version.js')),
    () => writeFileSync(join(dirname(compiled), 'version'), 'more'),
    () => writeFileSync(join(cache, readdirSync(cache)[0] ?? '', 'other'), ''),
  ]) {
    spoil();
    t.is(await compiledOf(playbook, cache), compiled);
    t.is(readFileSync(compiled, 'utf8'), before);
    t.false(existsSync(join(dirname(compiled), 'version')));
    t.deepEqual(versionsIn(compiled), ['v1', 'v1']);
  }
});

test('a few versions of a playbook are kept, and no leftovers of killed checks', async (t) => {
  const {playbook, cache, write} = project(t);
  for (let version = 1; version <= 6; version++) {
    write(`v${version}`);
    await compiledOf(playbook, cache);
  }
  const directory = join(cache, readdirSync(cache)[0] ?? '');
  t.is(readdirSync(directory).length, 4);
  const [old, recent] = [join(directory, 'new-old'), join(directory, 'new-recent')];
  for (const each of [old, recent]) mkdirSync(each);
  utimesSync(old, 1, 1);
  writeFileSync(`${directory}.good`, '');
  write('v7');
  await compiledOf(playbook, cache);
  t.deepEqual([existsSync(old), existsSync(recent), existsSync(`${directory}.good`)], [false, true, false]);
});

test('a directory that others may write to is not used, and that is said', async (t) => {
  const {root, playbook, cache, write} = project(t);
  write('v1');
  mkdirSync(cache);
  for (const mode of [0o777, 0o770, 0o1777]) {
    chmodSync(cache, mode);
    const {diagnostics, compiled, notice = ''} = await checkTypes(playbook, cache);
    t.deepEqual([diagnostics, compiled, readdirSync(cache)], [[], undefined, []]);
    t.regex(notice, /cache belongs to another user, or others may write to it\. Set XDG_CACHE_HOME/);
  }
  chmodSync(cache, 0o700);
  chmodSync(root, 0o777);
  t.regex((await checkTypes(playbook, cache)).notice ?? '', /others may change what is in/);
  chmodSync(root, 0o700);
  t.is((await checkTypes(playbook, cache)).notice, undefined);
});

const asRoot = process.geteuid?.() === 0 ? test : test.skip;

asRoot('a directory of another user is not used, nor what another user has put into ours', async (t) => {
  const {playbook, cache, write} = project(t);
  write('v1');
  const compiled = (await compiledOf(playbook, cache)) ?? '';
  const version = join(dirname(compiled), 'version.js');
  const key = join(cache, readdirSync(cache)[0] ?? '');
  chownSync(key, 65_534, 65_534);
  t.is(await compiledOf(playbook, cache), undefined);
  chownSync(key, 0, 0);
  const directory = join(key, readdirSync(key)[0] ?? '');
  chownSync(directory, 65_534, 65_534);
  t.is(await compiledOf(playbook, cache), compiled, 'it is made again');
  t.true(existsSync(version));
  chownSync(cache, 65_534, 65_534);
  const {diagnostics, compiled: none, notice = ''} = await checkTypes(playbook, cache);
  t.deepEqual([diagnostics, none], [[], undefined]);
  t.regex(notice, /belongs to another user/);
});

test('types are checked without a cache too', async (t) => {
  const {playbook, cache, write} = project(t);
  write('v1');
  mkdirSync(cache);
  chmodSync(cache, 0o777);
  appendFileSync(playbook, 'const wrong: string = 3;\n');
  const {diagnostics} = await checkTypes(playbook, cache);
  t.like(diagnostics[0], {at: {file: playbook, line: 4}});
});
