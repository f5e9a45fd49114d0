import {spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';

const node = (...args: readonly string[]) => spawnSync(process.execPath, args, {encoding: 'utf8'});

test('a Node that is too old is reported with its path', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'infra-test-'));
  const old = join(directory, 'old.cjs');
  writeFileSync(old, "Object.defineProperty(process, 'versions', {value: {...process.versions, node: '20.18.3'}});");
  const {stderr, status} = node('--require', old, 'bin/infra', 'plan');
  t.deepEqual(stderr.split('\n').slice(0, 2), [
    'error: infra needs Node 20.19 or newer',
    `help: this is 20.18.3: ${process.execPath}`,
  ]);
  t.is(status, 1);
});

test('a clone that was not built says how to build it', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'infra-test-'));
  mkdirSync(join(directory, 'bin'));
  cpSync('bin/infra', join(directory, 'bin/infra'));
  writeFileSync(join(directory, 'package.json'), '{"type": "module"}');
  const {stderr, status} = node(join(directory, 'bin/infra'), 'plan');
  t.deepEqual([stderr, status], ['error: infra is not built yet\nhelp: in its directory run: npm ci\n', 1]);
});
