import test from 'ava';
import fc from 'fast-check';
import type {Choices, ServerChoice, ServerProblem} from '../../src/project/choices.js';
import {endpointOf, innerAddress, roleFaults, serverFaults, virtualFaults} from '../../src/project/server-faults.js';
import {choices, serversLike} from './choices.js';

/** The choices of servers like these, with changes to the first. */
function firstWith(change: Partial<ServerChoice>, ...kinds: readonly string[]): Choices {
  const [first, ...others] = serversLike(...(kinds.length > 0 ? kinds : ['b', 'wp']));
  return choices({servers: [{name: 's1', address: '', roles: [], ...first, ...change}, ...others]});
}

const NAMES: readonly (readonly [name: string, message: string | undefined, hint?: string])[] = [
  ['web1', undefined],
  ['WEB_1.example', undefined],
  ['7', undefined],
  ['all', '"all" is the name of a group', 'Name the server all1, for instance.'],
  ['db', '"db" is the name of a group', 'Name the server db1, for instance.'],
  ['replica', '"replica" is the name of a group', 'Name the server replica1, for instance.'],
  ['', '"" is not a name for a server', 'Use letters, digits, "-", "_" and ".", such as web1.'],
  ['a/b', '"a/b" is not a name for a server', 'Use letters, digits, "-", "_" and ".", such as web1.'],
  ['größe', '"größe" is not a name for a server', 'Use letters, digits, "-", "_" and ".", such as web1.'],
];

for (const [name, message, hint] of NAMES) {
  test(`a server ${message === undefined ? 'can' : 'cannot'} be named "${name}"`, (t) => {
    const expected = message === undefined ? [] : [{server: name, message, hint}];
    t.deepEqual(serverFaults(firstWith({name})), expected);
  });
}

const IP_HINT = 'Give an IP address as its address, or as its private address.';

const ADDRESSES: readonly (readonly [title: string, Partial<ServerChoice>, message?: string, hint?: string])[] = [
  ['the lowest port', {port: 1}],
  ['the highest port', {port: 65_535}],
  ['port 0', {port: 0}, '0 is not a port', "Give SSH's port, from 1 to 65535; it is usually 22."],
  ['a port with a fraction', {port: 22.5}, '22.5 is not a port', "Give SSH's port, from 1 to 65535; it is usually 22."],
  ['a name with a private address', {address: 'one.example.org', privateAddress: '10.0.0.1'}],
  [
    'a name alone',
    {address: 'one.example.org'},
    'the other servers need an IP address of s1, and "one.example.org" is a name',
    IP_HINT,
  ],
  [
    'a private name',
    {privateAddress: 'inner'},
    'the private address "inner" of s1 is not an IP address',
    'Give an IP address, or leave it out.',
  ],
  [
    'a private network',
    {privateAddress: '10.0.0.1/8'},
    'the private address "10.0.0.1/8" of s1 is not an IP address',
    'Give an IP address, or leave it out.',
  ],
  [
    'a web address',
    {address: 'https://one'},
    '"https://one" is not the address of a server',
    'Give an IP address or a DNS name, such as 192.0.2.10.',
  ],
  [
    'no address',
    {address: ''},
    '"" is not the address of a server',
    'Give an IP address or a DNS name, such as 192.0.2.10.',
  ],
];

for (const [title, change, message, hint] of ADDRESSES) {
  test(`where a server is: ${title} is ${message === undefined ? 'accepted' : 'refused'}`, (t) => {
    t.deepEqual(serverFaults(firstWith(change)), message === undefined ? [] : [{server: 's1', message, hint}]);
  });
}

test('a server with several faults reports one for its name and one for its address', (t) => {
  const messages = serverFaults(firstWith({name: 'lb', address: 'x', port: 0})).map((fault) => fault.message);
  t.deepEqual(messages, ['"lb" is the name of a group', '0 is not a port']);
});

test('two servers behind one address are told apart by their ports, as long as their private addresses differ', (t) => {
  const behind = (port: number, privateAddress?: string) => ({
    ...{address: '192.0.2.1', port, roles: []},
    ...(privateAddress !== undefined && {privateAddress}),
  });
  const faults = (...servers: Omit<ServerChoice, 'name'>[]) =>
    serverFaults(choices({servers: servers.map((each, index) => ({name: `s${index + 1}`, ...each}))}));
  t.deepEqual(faults(behind(2201, '10.0.0.1'), behind(2202, '10.0.0.2')), []);
  const hint = 'Give each server its own address, or leave one out.';
  t.deepEqual(faults(behind(2201, '10.0.0.1'), behind(2201, '10.0.0.2')), [
    {server: 's2', message: 's1 and s2 have the same address, 10.0.0.2', hint},
  ]);
  t.deepEqual(faults(behind(2201, '10.0.0.1'), behind(2202, '10.0.0.1')), [
    {server: 's2', message: 's1 and s2 have the same address, 10.0.0.1', hint},
  ]);
  t.deepEqual(faults(behind(2201), behind(2202)), [
    {server: 's2', message: 's1 and s2 have the same address, 192.0.2.1', hint},
  ]);
});

test('of three servers with one name, the second and the third are reported', (t) => {
  const servers = serversLike('b', 'wp', 'wr').map((each) => ({...each, name: 'same'}));
  const fault = {server: 'same', message: 'two servers are named same', hint: 'Give each server its own name.'};
  t.deepEqual(serverFaults(choices({servers})), [fault, fault]);
});

test('an endpoint is the address in its canonical spelling and the port, which is 22 by default', (t) => {
  t.is(endpointOf({address: '192.0.2.1'}), '192.0.2.1 22');
  t.is(endpointOf({address: '2001:DB8:0:0::1', port: 2222}), '2001:db8::1 2222');
  t.is(endpointOf({address: 'web.example.org', port: undefined}), 'web.example.org 22');
});

test('servers reach each other at the private address where there is one', (t) => {
  t.is(innerAddress({name: 'a', address: '192.0.2.1', roles: []}), '192.0.2.1');
  t.is(innerAddress({name: 'a', address: '192.0.2.1', privateAddress: '2001:DB8::0:1', roles: []}), '2001:db8::1');
});

const ROLES: readonly (readonly [kinds: readonly string[], ...expected: Required<ServerProblem>['message'][]])[] = [
  [['b', 'wp']],
  [['b', 'b', 'wp', 'wr', 'wr', '']],
  [
    ['', ''],
    'no server is the balancer',
    'no server is a web server',
    'no server is the primary, which holds the database',
  ],
  [['bwpr'], 's1 cannot be balancer and web server: both listen on port 443'],
  [['br', 'wp'], 's1 cannot be balancer and database: both listen on port 3306'],
  [['b', 'wpr', 'r'], 's2 cannot be a replica of itself'],
  [['b', 'wp', 'p', 'p'], 's2 and s3 cannot both be the primary: one database takes the writes'],
  [['b', 'w', 'r', 'r'], 's3 is a replica, and there is no primary to copy from'],
];

for (const [kinds, ...expected] of ROLES) {
  test(`servers with the roles "${kinds.join(' ')}" have ${expected.length} faults`, (t) => {
    t.deepEqual(
      roleFaults(choices({servers: serversLike(...kinds)})).map(({message}) => message),
      expected,
    );
  });
}

test('the next step for a missing role is another server where there is only one', (t) => {
  const hints = (...kinds: string[]) => roleFaults(choices({servers: serversLike(...kinds)})).map(({hint}) => hint);
  t.deepEqual(hints('wp'), ['Add a second server: the balancer needs one of its own.']);
  t.deepEqual(hints('wp', ''), ['Make one of the servers the balancer.']);
  t.deepEqual(hints('b', 'p'), ['Make one of the servers a web server.']);
});

test('the next step for a second primary, or for a replica alone, names the servers', (t) => {
  const hints = (...kinds: string[]) => roleFaults(choices({servers: serversLike(...kinds)})).map(({hint}) => hint);
  t.deepEqual(hints('b', 'wp', 'p'), ['Make s3 a replica.']);
  t.deepEqual(hints('b', 'w', 'r'), ['Make s3, or another server, the primary.']);
});

test('whatever the roles, a faultless split has exactly one primary, a balancer and a web server, none of them clashing', (t) => {
  const kind = fc.subarray(['b', 'w', 'p', 'r']).map((letters) => letters.join(''));
  fc.assert(
    fc.property(fc.array(kind, {minLength: 1, maxLength: 5}), (kinds) => {
      const sound =
        kinds.filter((each) => each.includes('p')).length === 1 &&
        kinds.some((each) => each.includes('b')) &&
        kinds.some((each) => each.includes('w')) &&
        kinds.every((each) => !(each.includes('b') && each !== 'b') && !(each.includes('p') && each.includes('r')));
      return sound === (roleFaults(choices({servers: serversLike(...kinds)})).length === 0);
    }),
  );
  t.pass();
});

const PAIR = ['b', 'b', 'wp'];

test('a virtual address must not be the private address of a server either', (t) => {
  const all = {...firstWith({privateAddress: '10.0.0.1'}, ...PAIR), virtualAddress: ['10.0.0.1/24']};
  t.deepEqual(virtualFaults(all), [
    {
      server: 's1',
      message: 'the virtual address 10.0.0.1 is the address of s1',
      hint: 'Give an address of the same network that no server has.',
    },
  ]);
});

test('three balancers without a shared address are all named', (t) => {
  const [fault, ...others] = virtualFaults(choices({servers: serversLike('b', 'b', 'b', 'wp')}));
  t.deepEqual([fault?.message, others], ['s1 and s2 and s3 are balancers and share no address', []]);
});

test('the family of the balancers is that of their private addresses', (t) => {
  const inner = firstWith({privateAddress: '2001:db8::1'}, ...PAIR);
  const mixed = 'the balancers reach each other at IPv4 and at IPv6 addresses';
  const messages = (all: Choices, ...virtualAddress: string[]) =>
    virtualFaults({...all, virtualAddress}).map(({message}) => message);
  t.deepEqual(messages(inner, '2001:db8::100'), [mixed]);
  const both = {...inner, servers: inner.servers.map((each, at) => ({...each, privateAddress: `2001:db8::${at + 1}`}))};
  t.deepEqual(messages(both, '2001:db8::100'), []);
  t.deepEqual(virtualFaults({...both, virtualAddress: ['192.0.2.100']}), [
    {
      message: 'no virtual address is an IPv6 address, as those of the balancers are',
      hint: 'Add one; the others move together with it.',
    },
  ]);
  t.deepEqual(messages(both, '192.0.2.100', '2001:db8::100/64'), []);
});

test('an address that is not one is reported once, and not for its family too', (t) => {
  const all = choices({servers: serversLike(...PAIR), virtualAddress: ['192.0.2.300']});
  t.deepEqual(virtualFaults(all), [
    {message: '"192.0.2.300" is not a virtual address', hint: 'Give an IP address, such as 192.0.2.100.'},
  ]);
});

test('balancers that are known only by name have no family to compare', (t) => {
  const all = {...firstWith({address: 'one.example.org'}, ...PAIR), virtualAddress: ['2001:db8::100']};
  t.deepEqual(virtualFaults(all), []);
});
