import {spawn, spawnSync} from 'node:child_process';
import test from 'ava';
import {endAfter, sh, showAs, uninterrupted} from '../../src/shell/index.js';

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

test('An uninterrupted command keeps its exit code and gives both streams on one', (t) => {
  const {status, stdout, stderr} = run(uninterrupted(sh`echo ${'a b'}; echo oops >&2; exit 3`).reveal());
  t.deepEqual({status, stdout, stderr}, {status: 3, stdout: 'a b\noops\n', stderr: ''});
});

test('An uninterrupted command outlives the request to end', (t) => {
  const {status, stdout} = run(uninterrupted(sh`sh -c 'kill -TERM "$PPID"'; echo done`).reveal());
  t.deepEqual({status, stdout}, {status: 0, stdout: 'done\n'});
});

test('People see an uninterrupted command alone', (t) => {
  t.is(String(uninterrupted(sh`dpkg --configure -a`)), 'dpkg --configure -a');
});

test('A command shown as something shorter runs unaltered, also within another', (t) => {
  const command = sh`${showAs('greet', sh`echo ${'hello world'}`)} && true`;
  t.is(String(command), 'greet && true');
  t.is(run(command.reveal()).stdout, 'hello world\n');
});
