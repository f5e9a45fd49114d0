import test from 'ava';
import {
  DISTRIBUTIONS,
  distributionOf,
  isDistribution,
  isKnownRelease,
  KNOWN_DISTRIBUTIONS,
  KNOWN_RELEASES,
  releaseName,
  releasesWith,
  USUAL_RELEASE,
  versionsOf,
} from '../../../src/model/index.js';

test('a distribution is known by its ID in os-release, and by no other name', (t) => {
  t.true(isDistribution('debian'));
  t.is(distributionOf({os: 'ubuntu'}).name, 'Ubuntu');
  for (const id of ['Debian', 'fedora', '', 'constructor']) t.false(isDistribution(id));
});

test('a release that is not known is treated as the newest of its distribution', (t) => {
  t.is(versionsOf({os: 'debian', codename: 'forky'}), DISTRIBUTIONS.debian.newest);
  t.is(versionsOf({os: 'ubuntu', codename: 'trixie'}), DISTRIBUTIONS.ubuntu.newest);
  t.deepEqual(versionsOf({os: 'debian', codename: 'bookworm'}).haproxy, [2, 6]);
  t.true(isKnownRelease({os: 'debian', codename: 'trixie'}));
  t.false(isKnownRelease({os: 'ubuntu', codename: 'trixie'}));
});

test('the newest release, the rolling one and the usual one are among the releases', (t) => {
  t.true(isKnownRelease(USUAL_RELEASE));
  for (const {releases, newest, rolling} of Object.values(DISTRIBUTIONS)) {
    t.true(Object.values(releases).includes(newest));
    const unnumbered = Object.keys(releases).filter((codename) => releases[codename]?.version === undefined);
    t.deepEqual(unnumbered, rolling === undefined ? [] : [rolling]);
  }
});

test('what users read about distributions follows from the table', (t) => {
  t.is(KNOWN_DISTRIBUTIONS, 'Debian and Ubuntu');
  t.is(KNOWN_RELEASES, 'Debian 12 and 13, and Ubuntu 22.04, 24.04 and 26.04');
  t.is(releasesWith('mariadb', 'and'), 'Debian and Ubuntu');
  t.is(releasesWith('mysql', 'or'), 'Ubuntu or Debian sid');
  t.is(releaseName({os: 'debian', codename: 'sid', version: ''}), 'Debian sid');
  t.is(releaseName({os: 'ubuntu', codename: 'noble', version: '24.04'}), 'Ubuntu 24.04');
});
