import test from 'ava';
import type {Hint} from '../../../src/model/index.js';
import {hint} from '../../../src/tasks/apt/hint.js';

const known: readonly [string, string, RegExp][] = [
  [
    'an unreachable mirror',
    'E: Failed to fetch http://m/InRelease  Unable to connect to m:80:',
    /does not reach its mirror, m:80.*ip route/,
  ],
  [
    'a proxy that is down',
    'E: Failed to fetch http://deb.example.org/x  Unable to connect to 192.0.2.1:3128:',
    /the proxy that apt uses, 192\.0\.2\.1:3128.*apt\.conf/,
  ],
  [
    'a proxy without an address',
    "E: Failed to fetch http://deb.example.org/x  Temporary failure resolving 'proxy'",
    /no address for the proxy that apt uses, proxy/,
  ],
  [
    'a mirror that refuses',
    "E: Failed to fetch http://m/dists/x/InRelease  403  Forbidden [IP: 192.0.2.1 80]\nE: The repository 'http://m x InRelease' is not signed.",
    /answers 403 Forbidden for http:\/\/m\/dists/,
  ],
  [
    'a release that is not there',
    "E: The repository 'http://m/debian trixy Release' does not have a Release file.",
    /no release "trixy" at http:\/\/m\/debian/,
  ],
  [
    'a name that cannot be resolved',
    "Temporary failure resolving 'deb.example.org'",
    /no address for its mirror.*getent hosts deb\.example\.org/,
  ],
  ['a full disk', 'E: Write error - write (28: No space left on device)', /df -h/],
  ['a full cache', "E: You don't have enough free space in /var/cache/apt/archives/.", /df -h/],
  ['a lock', 'gave up after 300 s: unattended-upgr (pid 412) holds /var/lib/dpkg/lock', /412\) holds .*lockTimeout/],
  [
    'a held package',
    'E: Held packages were changed and -y was used without --allow-change-held-packages.',
    /apt-mark showhold/,
  ],
  ['an unknown package', 'E: Unable to locate package ngnix', /Check the name/],
  ['a misspelt package', 'E: Unable to locate package ngnix\nsimilar names: nginx', /Use one of the similar names/],
  ['an unknown version', "E: Version '9' for 'haproxy' was not found", /versions listed/],
  ['a conflict', 'E: Packages need to be removed but remove is disabled.', /Nothing was changed/],
  [
    'a clock that differs',
    'E: Release file for http://m is expired (invalid since 3d).',
    /expired.*invalid since 3d.*date -u/,
  ],
  ['an unknown key', "The following signatures couldn't be verified: NO_PUBKEY 0123", /Signed-By/],
];

for (const [what, output, step] of known) {
  test(`The next step after ${what} is named`, (t) => t.regex(textOf(hint(output)), step));
}

test('Output that says nothing known gives no next step', (t) => t.is(hint('Setting up nginx ...'), undefined));

/** Message and next step in one line. */
function textOf(found: Hint = ''): string {
  return typeof found === 'string' ? found : `${found.message} ${found.hint}`.replaceAll('\n', ' ');
}
