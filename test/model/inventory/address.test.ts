import test from 'ava';
import fc from 'fast-check';
import {
  bareAddress,
  canonicalAddress,
  covers,
  disjoint,
  isAddress,
  isHostName,
  isMailAddress,
  isPort,
  isSameAddress,
  isServerAddress,
  LOGIN_USER,
  PLAIN_NAME,
  parseClient,
  parseNetwork,
  renderNetwork,
} from '../../../src/model/index.js';

const network = (text: string) => {
  const parsed = parseNetwork(text);
  if (parsed === undefined) throw new Error(`${text} is not a network`);
  return parsed;
};

test('a network is an address, or one with as many bits as its family has', (t) => {
  t.deepEqual(network('192.0.2.1'), {family: 4, address: '192.0.2.1', prefix: 32});
  t.deepEqual(network('2001:DB8:0::/32'), {family: 6, address: '2001:db8::', prefix: 32});
  t.deepEqual(network('0.0.0.0/0').prefix, 0);
  const wrong = ['', 'web1', '192.0.2', '192.0.2.0/33', '::/129', '192.0.2.0/', '192.0.2.0/24/1', '192.0.2.0/-1'];
  t.deepEqual(
    wrong.filter((each) => parseNetwork(each)),
    [],
  );
  t.is(parseNetwork('fe80::1%eth0'), undefined, 'an address with a zone is in no rule of another machine');
  t.deepEqual(
    ['192.0.2.0/24', '192.0.2.1/32', '::1/128'].map((each) => renderNetwork(network(each))),
    ['192.0.2.0/24', '192.0.2.1', '::1'],
  );
});

test('an address has at least one bit of its network', (t) => {
  t.true(['192.0.2.100', '192.0.2.100/1', '2001:db8::100/64', '192.0.2.100/32'].every(isAddress));
  t.deepEqual(['192.0.2.100/0', '192.0.2.100/33', '192.0.2.0/24/1', 'web1', ''].filter(isAddress), []);
});

test('however an address is written, it is the same', (t) => {
  t.true(isSameAddress('2001:DB8:0:0::1', '2001:db8::1'));
  t.true(isSameAddress('::ffff:c000:201', '::FFFF:192.0.2.1'));
  t.true(isSameAddress('Web1.example.org', 'web1.EXAMPLE.org'));
  t.false(isSameAddress('192.0.2.1', '::ffff:192.0.2.1'), 'a socket of one family is not one of the other');
  t.false(isSameAddress('fe80::1%eth0', 'fe80::1%eth1'));
  t.is(canonicalAddress('FE80:0::1%eth0'), 'fe80::1%eth0');
  t.deepEqual(['192.0.2.100/24', '2001:DB8::0:1/64', '192.0.2.1'].map(bareAddress), [
    '192.0.2.100',
    '2001:db8::1',
    '192.0.2.1',
  ]);
});

test('a network covers what has its leading bits, in its own family', (t) => {
  t.true(covers(network('192.0.2.0/24'), network('192.0.2.7')));
  t.true(covers(network('192.0.2.9/24'), network('192.0.2.128/25')), 'bits of the host mean nothing');
  t.false(covers(network('192.0.2.0/25'), network('192.0.2.0/24')));
  t.false(covers(network('192.0.2.0/24'), network('192.0.3.0/24')));
  t.false(covers(network('0.0.0.0/0'), network('::1')));
  t.false(covers(network('192.0.2.0/24'), network('::ffff:192.0.2.1')));
  t.true(covers(network('2001:db8::/32'), network('2001:db8:1::5')));
});

test('a client is what rules can name: no zone, IPv4 as such, not the host itself', (t) => {
  const client = (text: string) => parseClient(text)?.address;
  t.is(client('192.0.2.1'), '192.0.2.1');
  t.is(client('::ffff:192.0.2.1'), '192.0.2.1');
  t.is(client('::FFFF:c000:201'), '192.0.2.1');
  t.is(client('fe80::1%eth0'), 'fe80::1');
  t.deepEqual(['127.0.0.1', '127.8.0.1', '::1', '::ffff:127.0.0.1', '', 'web1'].map(client), Array(6).fill(undefined));
});

const octets = fc.array(fc.integer({min: 0, max: 255}), {minLength: 4, maxLength: 4});
const networks = fc.array(fc.tuple(octets, fc.integer({min: 1, max: 32})), {maxLength: 8});

test('disjoint networks cover all that was given, and none covers another', (t) => {
  fc.assert(
    fc.property(networks, (given) => {
      const all = given.map(([address, prefix]) => network(`${address.join('.')}/${prefix}`));
      const kept = disjoint(all);
      const overlap = kept.some((one) => kept.some((other) => one !== other && covers(one, other)));
      return !overlap && all.every((each) => kept.some((wider) => covers(wider, each)));
    }),
  );
  const texts = ['10.0.0.0/8', '192.0.2.0/24', '9.0.0.1', '10.1.0.0/16', '9.0.0.1', '::1'];
  t.deepEqual(disjoint(texts.map(network)).map(renderNetwork), ['9.0.0.1', '10.0.0.0/8', '192.0.2.0/24', '::1']);
});

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
