import test from 'ava';
import fc from 'fast-check';
import {didYouMean, nearest} from '../../src/model/nearest.js';

const WORDS: readonly (readonly [string, readonly string[], string | undefined])[] = [
  ['web', ['web', 'wep'], 'web'],
  ['wep', ['db', 'web'], 'web'],
  ['ewb', ['web'], 'web'],
  ['we', ['web'], 'web'],
  ['webb', ['web'], 'web'],
  ['wbe1', ['web1'], 'web1'],
  ['xxb', ['web'], undefined],
  ['hosst', ['hosts'], 'hosts'],
  ['hxsxs', ['hosts'], 'hosts'],
  ['hxxxs', ['hosts'], undefined],
  ['KNOWN_HOSTS_FILES_OF_ALL', ['knownHostsFilesOfAll'], 'knownHostsFilesOfAll'],
  ['known-hosts-files-of-all', ['knownHostsFilesOfAll'], 'knownHostsFilesOfAll'],
  ['known-hosts', ['knownHosts', 'known'], 'knownHosts'],
  ['adress', ['port', 'addresses', 'address'], 'address'],
  ['web', [], undefined],
  ['', ['a', 'ab'], 'a'],
  ['ab', ['ac', 'ad'], 'ac'],
];

for (const [word, candidates, meant] of WORDS) {
  test(`of ${candidates.join(', ') || 'nothing'}, "${word}" means ${meant ?? 'none'}`, (t) =>
    t.is(nearest(word, candidates), meant));
}

test('the hint is a question, and there is none where nothing is near', (t) => {
  t.is(didYouMean('wep', new Map([['web', 1]]).keys()), 'Did you mean "web"?');
  t.is(didYouMean('database', ['web']), undefined);
});

test('a known word is always found, and so is one with two neighbours swapped', (t) => {
  const word = fc.stringMatching(/^[a-z]{5,12}$/);
  fc.assert(
    fc.property(word, fc.nat(), (each, at) => {
      const place = at % (each.length - 1);
      const swapped = `${each.slice(0, place)}${each.charAt(place + 1)}${each.charAt(place)}${each.slice(place + 2)}`;
      t.is(nearest(each, ['0123456789', each]), each);
      t.is(nearest(swapped, ['0123456789', each]), each);
    }),
  );
});
