import test from 'ava';
import {parseServers} from '../../src/wizard/parse-servers.js';

const one = (text: string) => {
  const {servers, faults} = parseServers(text);
  return faults[0]?.message ?? JSON.parse(JSON.stringify(servers[0]));
};

test('a server is an address with an optional name, user and port', (t) => {
  const cases: readonly (readonly [string, object])[] = [
    ['192.0.2.10', {address: '192.0.2.10'}],
    ['lb1=192.0.2.10', {name: 'lb1', address: '192.0.2.10'}],
    ['deploy@web.example.org:2222', {user: 'deploy', address: 'web.example.org', port: 2222}],
    ['db=root@[2001:db8::1]:22', {name: 'db', user: 'root', address: '2001:db8::1', port: 22}],
    ['2001:db8::1', {address: '2001:db8::1'}],
    ['ssh://admin@192.0.2.10/', {user: 'admin', address: '192.0.2.10'}],
    ['lb1=192.0.2.10,balancer', {name: 'lb1', address: '192.0.2.10', roles: ['balancer']}],
    ['192.0.2.10 web primary', {address: '192.0.2.10', roles: ['web', 'primary']}],
  ];
  for (const [text, server] of cases) t.deepEqual(one(text), server, text);
});

test('a text may list several servers in any common form, and comments are ignored', (t) => {
  const {servers, faults} = parseServers(
    '192.0.2.1, 192.0.2.2;192.0.2.3\n\tlb=192.0.2.4  # the balancer\n# 192.0.2.9\n',
  );
  t.deepEqual(faults, []);
  t.deepEqual(
    servers.map(({address}) => address),
    ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'],
  );
});

test('an invalid address is named with the reason, and no other server is lost', (t) => {
  const {servers, faults} = parseServers('192.0.2.1 300.1.1.1 192.0.2.2:99999 x@ [::zz]:22 192.0.2.3');
  t.deepEqual(
    servers.map(({address}) => address),
    ['192.0.2.1', '192.0.2.3'],
  );
  t.deepEqual(
    faults.map(({message}) => message),
    [
      '"300.1.1.1" is not an IPv4 address',
      '"99999" is not a port',
      '"x@" has no address',
      '"::zz" is not an IPv6 address',
    ],
  );
});

test('each kind of mistake has a message of its own', (t) => {
  const cases = {
    '192.0.2.0/24': '"192.0.2.0/24" is a network',
    'https://example.org': '"https://example.org" is a web address',
    '0.0.0.0': '"0.0.0.0" is not the address of a single server',
    '224.0.0.18': '"224.0.0.18" is not the address of a single server',
    web: '"web" is a role, but there is no server before it',
    '192.0.2.1,balancr': '"balancr" is neither an address nor a role',
    'LB_1=192.0.2.1': '"LB_1" cannot be the name of a server',
    '@192.0.2.1': '"@192.0.2.1" has no user before the @',
    'a!b': '"a!b" is not an address',
    a_b: '"a_b" is not an address',
  };
  for (const [text, message] of Object.entries(cases)) t.is(parseServers(text).faults[0]?.message, message);
});
