import {spawnSync} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Command, keepOld, putBackOld, sh} from '../../src/shell/index.js';

function place(t: ExecutionContext) {
  const root = mkdtempSync(join(tmpdir(), "infra old it's "));
  t.teardown(() => rmSync(root, {recursive: true, force: true}));
  for (const name of ['kept', 'there']) mkdirSync(join(root, name));
  const where = {old: sh`${join(root, 'kept/old')}`, none: sh`${join(root, 'kept/none')}`};
  return {directory: join(root, 'there'), path: join(root, 'there', 'a file\n'), where};
}

function run(t: ExecutionContext, command: Command): void {
  const {status, stderr} = spawnSync('sh', [], {input: `(\n${command.reveal()}\n) </dev/null`});
  t.is(status, 0, String(stderr));
}

test('a file comes back with its content, mode and times', (t) => {
  const {directory, path, where} = place(t);
  writeFileSync(path, 'old');
  chmodSync(path, 0o4750);
  utimesSync(path, 1000, 2000);
  run(t, keepOld(path, where));
  rmSync(path);
  writeFileSync(path, 'new');
  run(t, putBackOld(path, where));
  const {mode, mtimeMs} = lstatSync(path);
  t.deepEqual([readFileSync(path, 'utf8'), mode & 0o7777, mtimeMs], ['old', 0o4750, 2_000_000]);
  t.is(readdirSync(directory).length, 1);
});

test('a link comes back as the link it was, whatever it leads to', (t) => {
  const {path, where} = place(t);
  symlinkSync('nowhere\n', path);
  run(t, keepOld(path, where));
  rmSync(path);
  writeFileSync(path, 'new');
  run(t, putBackOld(path, where));
  t.is(readlinkSync(path), 'nowhere\n');
});

test('where there was nothing, nothing is left', (t) => {
  const {directory, path, where} = place(t);
  run(t, keepOld(path, where));
  writeFileSync(path, 'new');
  run(t, putBackOld(path, where));
  t.false(existsSync(path));
  t.is(readdirSync(directory).length, 0);
});
