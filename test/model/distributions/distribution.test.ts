import test from 'ava';
import fc from 'fast-check';
import {atLeast, type Version} from '../../../src/model/distributions/distribution.js';
import {type DistributionId, isKnownRelease, versionsOf} from '../../../src/model/distributions/distributions.js';

const facts = (os: DistributionId, codename: string) => ({os, codename});

test('a release that is known has its own versions', (t) => {
  t.deepEqual(versionsOf(facts('debian', 'bookworm')).nginx, [1, 22]);
  t.deepEqual(versionsOf(facts('ubuntu', 'noble')).mysql, [8, 0]);
  t.is(versionsOf(facts('debian', 'trixie')).mysql, undefined);
});

test('a release that is not known is treated as the newest of its distribution', (t) => {
  t.is(versionsOf(facts('ubuntu', 'zesty')), versionsOf(facts('ubuntu', 'resolute')));
  t.is(versionsOf(facts('debian', 'forky')), versionsOf(facts('debian', 'sid')));
  t.deepEqual([isKnownRelease(facts('debian', 'forky')), isKnownRelease(facts('debian', 'sid'))], [false, true]);
});

test('a later release of a distribution has no older version of anything', (t) => {
  const lines = [
    ['debian', ['bookworm', 'trixie', 'sid']],
    ['ubuntu', ['jammy', 'noble', 'resolute']],
  ] as const;
  for (const [os, releases] of lines) {
    const all = releases.map((codename) => versionsOf(facts(os, codename)));
    for (const [index, later] of all.slice(1).entries()) {
      for (const name of ['haproxy', 'nginx', 'openssl', 'openssh', 'mariadb', 'keepalived', 'nftables'] as const)
        t.true(atLeast(later[name], all[index]?.[name] ?? [0, 0]), `${releases[index + 1]}: ${name}`);
    }
  }
});

const PAIRS: readonly (readonly [Version, Version, boolean])[] = [
  [[3, 5], [3, 5], true],
  [[3, 5], [3, 6], false],
  [[3, 10], [3, 9], true],
  [[4, 0], [3, 9], true],
  [[2, 9], [3, 0], false],
];

for (const [left, right, result] of PAIRS) {
  test(`${left.join('.')} is ${result ? '' : 'not '}at least ${right.join('.')}`, (t) =>
    t.is(atLeast(left, right), result));
}

test('of two versions one is at least the other, and both only where they are equal', (t) => {
  const version = fc.tuple(fc.nat(20), fc.nat(20));
  fc.assert(
    fc.property(version, version, (left, right) => {
      const [one, other] = [atLeast(left, right), atLeast(right, left)];
      t.true(one || other);
      t.is(one && other, left.join() === right.join());
    }),
  );
});
