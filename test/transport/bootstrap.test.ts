import {spawnSync} from 'node:child_process';
import test from 'ava';
import {bootstrapCommand} from '../../src/transport/bootstrap.js';

/** What a shell makes of the command line, with a program of ours in place of `sh` and `sudo`. */
function wordsOf(become: boolean): readonly string[] {
  const print = `show() { printf '%s\\0' "$@"; }; exec() { "$@"; }; sh() { show sh "$@"; }; sudo() { show sudo "$@"; };`;
  const env = {SSH_CONNECTION: '192.0.2.1 40000 192.0.2.2 22', PATH: process.env.PATH};
  const {stdout, status} = spawnSync('/bin/bash', ['-c', `${print}\n${bootstrapCommand(become)}`], {env});
  if (status !== 0) throw new Error(`the shell ended with ${status}`);
  return stdout.toString().split('\0').slice(0, -1);
}

test('the remote loop is one word, followed by where the connection comes from', (t) => {
  const [program, option, loop = '', ...rest] = wordsOf(false);
  t.deepEqual([program, option], ['sh', '-c']);
  t.deepEqual(rest, ['infra', '192.0.2.1 40000 192.0.2.2 22']);
  t.true(loop.startsWith('\n') && loop.endsWith('\n}'));
});

test('as root the same loop runs through sudo, which asks nothing and sets the home of root', (t) => {
  const [sudo, ...words] = wordsOf(true);
  t.is(sudo, 'sudo');
  t.deepEqual(words.slice(0, 3), ['-n', '-H', '--']);
  t.deepEqual(words.slice(3), wordsOf(false));
});

test('the loop is POSIX shell text that every /bin/sh reads, with no tag of ours left in it', (t) => {
  const [, , loop = ''] = wordsOf(false);
  const {status, stderr} = spawnSync('/bin/sh', ['-n'], {input: loop});
  t.is(status, 0, stderr.toString());
  t.notRegex(loop, /undefined|NaN|\[object|\bfunction\b|\[\[/);
});

test('the command line is one for the exec channel: it replaces the login shell', (t) => {
  t.true(bootstrapCommand(false).startsWith('exec sh -c '));
  t.true(bootstrapCommand(true).startsWith('exec sudo -n '));
});
