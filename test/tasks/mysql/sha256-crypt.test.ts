import test from 'ava';
import {sha256Crypt} from '../../../src/tasks/mysql/sha256-crypt.js';

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
