import test from 'ava';
import {sha256, sha256OfAll} from '../../src/local/digest.js';

test('a digest is that of sha256sum', (t) => {
  t.is(sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  t.is(sha256(Buffer.from('abc')), sha256('abc'));
});

test('texts that say the same when they are joined have another digest', (t) => {
  t.not(sha256OfAll(['ab', 'c']), sha256OfAll(['a', 'bc']));
  t.is(sha256OfAll(['ab', 'c']), sha256OfAll(['ab', 'c']));
});
