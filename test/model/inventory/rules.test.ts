import test from 'ava';
import {isHostName, isMailAddress, isPort, isServerAddress, LOGIN_USER, PLAIN_NAME} from '../../../src/model/index.js';

/** Those of some texts that a rule takes. */
const taken = (rule: RegExp | ((text: string) => boolean), texts: readonly string[]) =>
  texts.filter((text) => (rule instanceof RegExp ? rule.test(text) : rule(text)));

test('names of hosts and groups are letters, digits, "-", "_" and "."', (t) => {
  t.deepEqual(taken(PLAIN_NAME, ['web1', '_a', '0', 'Web-1.x', '', '-a', '.a', 'a b', 'ä', 'a/b', 'a\n']), [
    'web1',
    '_a',
    '0',
    'Web-1.x',
  ]);
});

test('a login user is one word that is not an option', (t) => {
  t.deepEqual(taken(LOGIN_USER, ['root', 'Jane.Doe', 'jane@corp', 'é', '', '-x', ':x', 'a b', 'a:b', 'a\n']), [
    'root',
    'Jane.Doe',
    'jane@corp',
    'é',
  ]);
});

test('a port is a whole number from 1 to 65535', (t) => {
  t.deepEqual([0, 1, 22, 65_535, 65_536, 1.5, -1, Number.NaN].filter(isPort), [1, 22, 65_535]);
});

test('a host name has labels of 1 to 63 characters, 253 in all', (t) => {
  const label = 'a'.repeat(63);
  const long = `${label}.${label}.${label}.${'a'.repeat(61)}`;
  const right = ['web1', 'WEB-1.example.org', 'xn--bcher-kva.example', '1a.2', label, long];
  const wrong = ['', '-a', 'a-', 'a..b', '.a', 'a.', 'a_b', 'bücher', 'a b', `${label}a`, `${long}a`, '192.0.2', '1'];
  t.deepEqual(taken(isHostName, [...right, ...wrong]), right);
});

test('a server is reached at an IP address or a host name', (t) => {
  const right = ['192.0.2.1', '2001:db8::1', 'web1.example.org'];
  t.deepEqual(taken(isServerAddress, [...right, '192.0.2.300', '192.0.2', 'a_b', '::g', '192.0.2.0/24', '']), right);
});

test('a mail address has one @ and no blanks', (t) => {
  const right = ['a@b', 'jane.doe+x@example.org'];
  t.deepEqual(taken(isMailAddress, [...right, 'a', '@b', 'a@', 'a b@c', 'a@b@c', 'a@b c', '"a"@b']), right);
});
