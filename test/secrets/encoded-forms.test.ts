import test from 'ava';
import {md4} from '../../src/secrets/encoded-forms.js';

test('MD4 gives the digests of RFC 1320', (t) => {
  const of = (text: string) => md4(Buffer.from(text)).toString('hex');
  t.is(of(''), '31d6cfe0d16ae931b73c59d7e0c089c0');
  t.is(of('abc'), 'a448017aaf21d8525fc10ae87aa6729d');
  t.is(of('1234567890'.repeat(8)), 'e33b4ddc9c38f2199c3e7b164fcc0536');
});
