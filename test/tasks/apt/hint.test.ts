import test from 'ava';
import {hint} from '../../../src/tasks/apt/hint.js';

const known: readonly [string, string, RegExp][] = [
  [
    'an unreachable mirror',
    'E: Failed to fetch http://m/InRelease  Unable to connect to m:80:',
    /does not reach its mirror/,
  ],
  ['a name that cannot be resolved', "Temporary failure resolving 'deb.example.org'", /does not reach its mirror/],
  ['a full disk', 'E: Write error - write (28: No space left on device)', /df -h/],
  ['a full cache', "E: You don't have enough free space in /var/cache/apt/archives/.", /df -h/],
  ['a lock', 'gave up after 300 s: unattended-upgr (pid 412) holds /var/lib/dpkg/lock', /lockTimeout/],
  [
    'a held package',
    'E: Held packages were changed and -y was used without --allow-change-held-packages.',
    /apt-mark showhold/,
  ],
  ['an unknown package', 'E: Unable to locate package ngnix', /Check the name/],
  ['a misspelt package', 'E: Unable to locate package ngnix\nnames like it: nginx', /Take one of the names/],
  ['an unknown version', "E: Version '9' for 'haproxy' was not found", /versions listed/],
  ['a conflict', 'E: Packages need to be removed but remove is disabled.', /Nothing was changed/],
  ['a clock that differs', 'E: Release file for http://m is expired (invalid since 3d).', /date -u/],
  ['an unknown key', "The following signatures couldn't be verified: NO_PUBKEY 0123", /Signed-By/],
];

for (const [what, output, step] of known) {
  test(`The next step after ${what} is named`, (t) => t.regex(hint(output) ?? '', step));
}

test('Output that says nothing known gives no next step', (t) => t.is(hint('Setting up nginx ...'), undefined));
