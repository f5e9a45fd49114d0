import {execFileSync} from 'node:child_process';
import {mkdtemp, readFile, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {type HostKey, standingOf, trustHostKeys} from '../../src/survey/index.js';

const key = (text: string): HostKey => ({
  type: 'ssh-ed25519',
  fingerprint: '',
  key: Buffer.from(`\0\0\0\x0bssh-ed25519\0\0\0\x20${text.padEnd(32)}`).toString('base64'),
});
const FIRST = key('first');
const SECOND = key('second');

const directory = () => mkdtemp(path.join(tmpdir(), 'infra-known-keys-'));

test('keys that are trusted are known, in a file that only the user can read', async (t) => {
  const file = path.join(await directory(), 'new', 'known_hosts');
  t.is(await standingOf([FIRST], 'Web1', 2222, [file]), 'unknown');
  await trustHostKeys(file, 'Web1', 2222, [FIRST]);
  t.is(await standingOf([FIRST], 'web1', 2222, [file]), 'known');
  t.is(await standingOf([FIRST], 'web1', 22, [file]), 'unknown');
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.notThrows(() => execFileSync('ssh-keygen', ['-F', '[web1]:2222', '-f', file]));
});

test('keys other than those in the file are a change, revoked ones are reported, and one known key is enough', async (t) => {
  const file = path.join(await directory(), 'known_hosts');
  await trustHostKeys(file, '192.0.2.1', 22, [FIRST]);
  t.is(await standingOf([SECOND], '192.0.2.1', 22, [file]), 'changed');
  t.is(await standingOf([SECOND, FIRST], '192.0.2.1', 22, [file]), 'known');
  const revoked = path.join(path.dirname(file), 'revoked');
  await writeFile(revoked, `@revoked * ssh-ed25519 ${FIRST.key}\n`);
  t.is(await standingOf([FIRST], '192.0.2.1', 22, [file, revoked]), 'revoked');
});

test('the lines of the file stay, also without a line end at the last one, and no line comes twice', async (t) => {
  const file = path.join(await directory(), 'known_hosts');
  await writeFile(file, '# mine');
  await trustHostKeys(file, 'a', 22, [FIRST]);
  await trustHostKeys(file, 'a', 22, [FIRST, SECOND]);
  t.is(await readFile(file, 'utf8'), `# mine\na ssh-ed25519 ${FIRST.key}\na ssh-ed25519 ${SECOND.key}\n`);
});

test('servers that are trusted at the same time are all kept', async (t) => {
  const file = path.join(await directory(), 'known_hosts');
  const names = Array.from({length: 20}, (_, at) => `host${at}`);
  await Promise.all(names.map((name) => trustHostKeys(file, name, 22, [FIRST])));
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  t.deepEqual(lines.map((line) => line.split(' ')[0]).sort(), [...names].sort());
});
