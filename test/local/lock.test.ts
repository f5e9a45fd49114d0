import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, chownSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {lockFile, newQueue} from '../../src/local/lock.js';

const asRoot = process.geteuid?.() === 0 ? test : test.skip;

/** The user `nobody`. */
const OTHER = 65_534;

function directory(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), 'infra-lock-'));
  t.teardown(() => rmSync(path, {recursive: true}));
  return path;
}

test('one at a time has it, and the next one as soon as it is let go', async (t) => {
  const file = join(directory(t), 'lock');
  const first = await lockFile(file, 1);
  t.is(await lockFile(file, 0), undefined);
  const second = lockFile(file, 10);
  first?.();
  const unlock = await second;
  t.truthy(unlock);
  unlock?.();
});

test('a process that is killed leaves no lock behind', async (t) => {
  const file = join(directory(t), 'lock');
  const module = new URL('../../src/local/lock.js', import.meta.url);
  const text = `const {lockFile} = await import('${module}'); await lockFile('${file}', 5); console.log('locked'); setInterval(() => {}, 1e6);`;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  t.is(await lockFile(file, 0), undefined);
  holder.kill('SIGKILL');
  const unlock = await lockFile(file, 10);
  t.truthy(unlock);
  unlock?.();
});

test('a child process does not inherit it', async (t) => {
  const file = join(directory(t), 'lock');
  const unlock = await lockFile(file, 1);
  const child = spawn('sleep', ['60'], {stdio: 'ignore'});
  t.teardown(() => child.kill());
  unlock?.();
  const again = await lockFile(file, 1);
  t.truthy(again);
  again?.();
});

asRoot('another user can neither hold it nor lead it elsewhere', async (t) => {
  const path = directory(t);
  chmodSync(path, 0o755);
  const file = join(path, 'lock');
  writeFileSync(file, '', {mode: 0o644});
  const unlock = await lockFile(file, 1);
  t.is(statSync(file).mode & 0o777, 0o600);
  unlock?.();
  t.not(spawnSync('flock', ['--nonblock', file, 'true'], {uid: OTHER, gid: OTHER}).status, 0);
  const link = join(path, 'link');
  symlinkSync('/etc/hostname', link);
  await t.throwsAsync(lockFile(link, 1), {code: 'ELOOP'});
});

asRoot('what root locks in the directory of a user stays open to that user', async (t) => {
  const path = directory(t);
  chownSync(path, OTHER, OTHER);
  const file = join(path, 'lock');
  const unlock = await lockFile(file, 1);
  t.is(statSync(file).uid, OTHER);
  unlock?.();
});

test('one runs after another, in the order given, and a failure stops none that comes after it', async (t) => {
  const queue = newQueue();
  const seen: string[] = [];
  const work = (name: string, milliseconds: number) => async () => {
    seen.push(`${name} begins`);
    await sleep(milliseconds);
    seen.push(`${name} ends`);
    return name;
  };
  const first = queue(work('first', 20));
  const failing = queue(() => Promise.reject(new Error('no')));
  const last = queue(work('last', 0));
  t.is(await first, 'first');
  await t.throwsAsync(failing, {message: 'no'});
  t.is(await last, 'last');
  t.deepEqual(seen, ['first begins', 'first ends', 'last begins', 'last ends']);
});
