import test from 'ava';
import fc from 'fast-check';
import {Content, type State} from '../../src/model/index.js';
import {canonical, desiredDigest, digestWith, presentDigest} from '../../src/plans/digest.js';
import {Secret} from '../../src/shell/index.js';

const digest = digestWith(new Secret('key'));

const seen = (present: State | undefined, desired: State | undefined = present) => ({present, desired, sensitive: []});

test('a digest is the first half of an HMAC-SHA-256 in hexadecimal', (t) => {
  // openssl: printf text | openssl dgst -sha256 -hmac key
  t.is(digest('text'), '6afa9046a9579cad143a384c1b564b9a250d27d6f6a63f9f20bf3a7594c9e2c6'.slice(0, 32));
});

test('another key gives another digest, an equal key the same', (t) => {
  t.not(digestWith(new Secret('other'))('text'), digest('text'));
  t.is(digestWith(new Secret('key'))('text'), digest('text'));
});

test('attributes are sorted by name, those without a value left out, and contents held by their digest', (t) => {
  const content = Content.of('x');
  t.deepEqual(canonical({mode: '0644', content, groups: ['b', 'a'], shell: undefined, empty: ''}), [
    ['content', {sha256: content.sha256}],
    ['empty', ''],
    ['groups', ['b', 'a']],
    ['mode', '0644'],
  ]);
  t.deepEqual([canonical(null), canonical(undefined), canonical({})], [null, 'unread', []]);
});

test('the order in which attributes were read does not count', (t) => {
  const states = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {noNullPrototype: true});
  fc.assert(
    fc.property(states, (state) => {
      const reversed = Object.fromEntries(Object.entries(state).reverse());
      t.is(presentDigest(digest, 'a', seen(state)), presentDigest(digest, 'a', seen(reversed)));
    }),
  );
});

test('what differs in anything has another digest: the subject, the side, a value, its type, its presence', (t) => {
  const state = {mode: '0644'};
  const digests = [
    presentDigest(digest, 'a', seen(state)),
    presentDigest(digest, 'b', seen(state)),
    desiredDigest(digest, 'a', seen(state)),
    presentDigest(digest, 'a', seen({mode: '0600'})),
    presentDigest(digest, 'a', seen({mode: 644})),
    presentDigest(digest, 'a', seen({...state, owner: 'root'})),
    presentDigest(digest, 'a', seen({})),
    presentDigest(digest, 'a', seen(null)),
    presentDigest(digest, 'a', seen(undefined)),
  ];
  t.is(new Set(digests).size, digests.length);
});

test('each side is digested alone', (t) => {
  const both = {present: {mode: '1'}, desired: {mode: '2'}, sensitive: []};
  t.is(presentDigest(digest, 'a', both), presentDigest(digest, 'a', {...both, desired: {mode: '3'}}));
  t.is(desiredDigest(digest, 'a', both), desiredDigest(digest, 'a', {...both, present: null}));
});
