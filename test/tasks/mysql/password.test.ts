import test from 'ava';
import {Secret} from '../../../src/shell/index.js';
import {cachingSha2Hash, isCachingSha2Of, nativeHash, sha256Crypt} from '../../../src/tasks/mysql/password.js';

// What MySQL 9.7 stored for IDENTIFIED BY 'x' (20 bytes of salt of its own) and MariaDB 11.8 for 'geheim'.
const STORED = Buffer.from(
  '244124303041244E637253342D0858176A1D695A781F6E394A4F033137516176585055466B694D58504E4F5856472F67454D69416738372E6B6D424961595A6B413572516436',
  'hex',
);

test("the hash that MySQL stored is recognised as its password's", (t) => {
  t.true(isCachingSha2Of(STORED, new Secret('x')));
  t.false(isCachingSha2Of(STORED, new Secret('y')));
});

test('what is not such a hash is not the hash of any password', (t) => {
  t.false(isCachingSha2Of(Buffer.from(''), new Secret('')));
  t.false(isCachingSha2Of(STORED.subarray(0, 40), new Secret('x')));
  t.false(
    isCachingSha2Of(
      Buffer.from('$A$005$THISISACOMBINATIONOFINVALIDSALTANDPASSWORDTHATMUSTNEVERBRBEUSED'),
      new Secret('x'),
    ),
  );
});

test('a hash made here is recognised, is the same every time and differs between accounts', (t) => {
  const password = new Secret("ge'he\\im ü");
  const hash = cachingSha2Hash(password, 'app@192.0.2.1').reveal();
  t.regex(hash, /^[0-9A-F]{140}$/);
  t.is(Buffer.from(hash, 'hex').subarray(0, 7).toString(), '$A$005$');
  t.true(isCachingSha2Of(Buffer.from(hash, 'hex'), password));
  t.is(cachingSha2Hash(password, 'app@192.0.2.1').reveal(), hash);
  t.not(cachingSha2Hash(password, 'app@192.0.2.2').reveal(), hash);
});

test("MariaDB's hash is the double SHA-1", (t) => {
  t.is(nativeHash(new Secret('geheim')).reveal(), '*462366917EEDD1970A48E87D8EF59EB67D2CA26F');
});

test('a hash is a secret itself', (t) => {
  t.is(`${nativeHash(new Secret('a'))}${cachingSha2Hash(new Secret('a'), 'b')}`, '(sensitive)(sensitive)');
});

// From `openssl passwd -5 -salt SALT PASSWORD`.
const VECTORS = [
  ['Hello world!', 'saltstring', '5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5'],
  [
    'a much longer password than one of thirty two bytes',
    'saltstringsaltst',
    'crlz1Urv4jYBBOsNOf9MPatlF.b0rYtGdrPakirOf8B',
  ],
] as const;

for (const [password, salt, digest] of VECTORS) {
  test(`the digest of "${password}" is that of crypt(3)`, (t) => {
    t.is(sha256Crypt(Buffer.from(password), Buffer.from(salt), 5000), digest);
  });
}
