import {spawn, spawnSync} from 'node:child_process';
import test from 'ava';
import {endAfter, sh} from '../../src/shell/index.js';

const run = (text: string) => spawnSync('sh', {input: text, encoding: 'utf8'});

test('A command that ends in time keeps its exit code and output, and has no input', (t) => {
  const {status, stdout, stderr} = run(endAfter(20, sh`cat; echo ${"it's"}; echo oops >&2; exit 3`).reveal());
  t.deepEqual({status, stdout, stderr}, {status: 3, stdout: "it's\n", stderr: 'oops\n'});
});

test('A command that takes too long is ended with all that it started, and its exit code is 124', (t) => {
  const {status, stdout} = run(endAfter(0.5, sh`echo begun; sleep 4711 & sleep 4711; echo never`).reveal());
  t.deepEqual({status, stdout}, {status: 124, stdout: 'begun\n'});
  t.is(run('ps -eo args | grep -c "^sleep 4711"').stdout, '0\n');
});

test('A command with an end is ended with the process group that it belongs to', async (t) => {
  const text = endAfter(60, sh`echo begun; sleep 4712`).reveal();
  const child = spawn('sh', ['-c', text], {detached: true, stdio: ['ignore', 'pipe', 'ignore']});
  await new Promise((resolve) => {
    child.stdout.once('data', resolve);
  });
  process.kill(-(child.pid ?? 0), 'SIGTERM');
  await new Promise((resolve) => {
    child.stdout.once('close', resolve);
  });
  t.is(run('ps -eo args | grep -c "^sleep 4712"').stdout, '0\n');
});

test('People see a command with an end alone', (t) => {
  t.is(String(endAfter(5, sh`make all`)), 'make all');
});
