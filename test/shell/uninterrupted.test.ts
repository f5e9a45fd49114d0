import {spawnSync} from 'node:child_process';
import test from 'ava';
import {sh, showAs, uninterrupted} from '../../src/shell/index.js';

const run = (text: string) => spawnSync('sh', {input: text, encoding: 'utf8'});

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
