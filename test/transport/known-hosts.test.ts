import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {entriesFor, parseKnownHosts} from '../../src/transport/known-hosts.js';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIN62Bhv7AMyBGOV1jmkLbYxHNAVYPy+zyuHoDB+x2F5v';

const LINES = [
  `web1,198.18.0.21 ssh-ed25519 ${KEY}`,
  `[web1]:2222 ssh-ed25519 ${KEY}`,
  `*.example.org,!old.example.org ssh-ed25519 ${KEY}`,
  `db? ssh-ed25519 ${KEY} a comment`,
  `@revoked lost ssh-ed25519 ${KEY}`,
  '# a comment',
  'half a line',
];

const QUESTIONS: readonly [string, number][] = [
  ['web1', 22],
  ['198.18.0.21', 22],
  ['web1', 2222],
  ['web1', 2200],
  ['a.example.org', 22],
  ['old.example.org', 22],
  ['db1', 22],
  ['db12', 22],
  ['lost', 22],
  ['nobody', 22],
];

const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
const withKeygen = hasKeygen ? test : test.skip;

withKeygen('it finds the hosts that ssh-keygen -F finds, in plain and in hashed files', (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'infra-known-hosts-'));
  const plain = path.join(directory, 'plain');
  const hashed = path.join(directory, 'hashed');
  writeFileSync(plain, `${LINES.join('\n')}\n`);
  writeFileSync(hashed, `${LINES.slice(0, 2).join('\n')}\n`);
  execFileSync('ssh-keygen', ['-H', '-f', hashed], {stdio: 'ignore'});
  for (const file of [plain, hashed]) {
    const entries = parseKnownHosts(readFileSync(file, 'utf8'));
    for (const [name, port] of QUESTIONS) {
      const wanted = port === 22 ? name : `[${name}]:${port}`;
      const found = spawnSync('ssh-keygen', ['-F', wanted, '-f', file]).status === 0;
      t.is(entriesFor(entries, name, port).length > 0, found, `${wanted} in ${path.basename(file)}`);
    }
  }
});

test('a revoked key is kept with its marker', (t) => {
  const [entry] = entriesFor(parseKnownHosts(LINES.join('\n')), 'lost', 22);
  t.is(entry?.marker, '@revoked');
});

test('names are compared without regard to case', (t) => {
  t.is(entriesFor(parseKnownHosts(LINES.join('\n')), 'WEB1', 22).length, 1);
});
