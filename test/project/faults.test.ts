import test from 'ava';
import {type Choices, faultsOf, type ServerChoice} from '../../src/project/index.js';
import {choices, serversLike} from './choices.js';

const messages = (more: Partial<Choices>) => faultsOf(choices(more)).map(({message}) => message);

const VIRTUAL = ['192.0.2.100'];

const CASES: readonly (readonly [title: string, more: Partial<Choices>, ...expected: RegExp[]])[] = [
  ['no server', {servers: []}, /^there are no servers$/],
  ['one server', {servers: serversLike('wp')}, /^no server is the balancer$/],
  ['no web server', {servers: serversLike('b', 'p')}, /^no server is a web server$/],
  ['a balancer that is a web server', {servers: serversLike('bw', 'wp')}, /^s1 cannot be balancer and web server/],
  ['a balancer with the database', {servers: serversLike('bp', 'w')}, /^s1 cannot be balancer and database/],
  ['primary and replica in one', {servers: serversLike('b', 'wpr')}, /^s2 cannot be a replica of itself$/],
  ['two primaries', {servers: serversLike('b', 'wp', 'wp')}, /^s2 and s3 cannot both be the primary/],
  ['a replica without a primary', {servers: serversLike('b', 'w', 'r')}, /^s3 is a replica, and there is no primary/],
  ['no database', {servers: serversLike('b', 'w')}, /^no server is the primary/],
  ['backups on a server that is not there', {backups: 'nas1'}, /^no server is named "nas1", which is to keep/],
  ['backups on a database server', {backups: 's3'}, /^s3 is a database server, and is to keep the backups$/],
  ['backups on a balancer', {backups: 's1'}],
  ['balancers that share no address', {servers: serversLike('b', 'b', 'wp')}, /^s1 and s2 are balancers and share no/],
  [
    'a virtual address with a single balancer',
    {virtualAddress: VIRTUAL},
    /^there is a virtual address, and s1 is the only balancer$/,
  ],
  ['a virtual address of a server', pair(['192.0.2.3']), /^the virtual address 192\.0\.2\.3 is the address of s3$/],
  ['a virtual address twice', pair(['192.0.2.100', '192.0.2.100/24']), /is given twice$/],
  [
    'a virtual address twice, in two spellings',
    pair(['192.0.2.100', '2001:db8::1', '2001:DB8:0::1/64']),
    /^the virtual address 2001:db8::1 is given twice$/,
  ],
  [
    'two servers of one address in two spellings',
    {servers: at('2001:db8::1', '192.0.2.2', '2001:DB8:0::1')},
    /^s1 and s3 have the same address, 2001:db8::1$/,
  ],
  ['a virtual name', pair(['www']), /^"www" is not a virtual address$/],
  ['a virtual address of the other family', pair(['2001:db8::1']), /^no virtual address is an IPv4 address/],
  ['balancers of two families', mixed(), /^the balancers reach each other at IPv4 and at IPv6/],
  ['two servers of one name', {servers: named('s1', 's2', 's2')}, /^two servers are named s2$/],
  [
    'two servers of one address',
    {servers: at('192.0.2.1', '192.0.2.2', '192.0.2.2')},
    /^s2 and s3 have the same address/,
  ],
  ['a server named as a group', {servers: named('lb', 'web', 's3')}, /^"lb" is the name of a group$/, /^"web" is/],
  ['a name with a blank', {servers: named('my server', 's2', 's3')}, /^"my server" is not a name for a server$/],
  ['an invalid address', {servers: at('192.0.2.300', '192.0.2.2', '192.0.2.3')}, /^"192\.0\.2\.300" is not the/],
  [
    'a server that is only known by its name',
    {servers: at('one.example.org', '192.0.2.2', '192.0.2.3')},
    /need an IP address of s1/,
  ],
  ['a domain with its scheme', {domain: 'https://www.example.org/'}, /^"https:\/\/www.example.org\/" is not a domain$/],
  ['a domain that is an address', {domain: '192.0.2.1'}, /is not a domain$/],
  ['a user with a blank', {user: 'de ploy'}, /^"de ploy" is not a login name$/],
  ['a local name for ACME', {domain: 'intranet', tls: {kind: 'acme', email: 'a@b'}}, /^no public authority/],
  ['an invalid e-mail address', {tls: {kind: 'acme', email: 'ops'}}, /^"ops" is not an e-mail address$/],
  [
    'plain HTTP for ACME',
    {tls: {kind: 'acme', email: 'a@b', directory: 'http://ca'}},
    /is not the URL of an ACME directory$/,
  ],
  ['no key', {tls: {kind: 'files', certificate: 'a.pem', key: ''}}, /^no file is given for the key$/],
  ['a directory elsewhere', {content: {kind: 'directory', directory: '../site'}}, /is not a directory of the project$/],
  [
    'a directory from the root',
    {content: {kind: 'directory', directory: '/srv/site'}},
    /is not a directory of the project$/,
  ],
  [
    'the project as the site',
    {content: {kind: 'directory', directory: './'}},
    /holds files that are not for visitors$/,
  ],
  [
    'secrets as the site',
    {content: {kind: 'directory', directory: 'site/../secrets'}},
    /holds files that are not for visitors$/,
  ],
  ["Nginx's port for an application", {content: {kind: 'application', port: 443}}, /is used by Nginx$/],
  ["the database's port for an application", {content: {kind: 'application', port: 3306}}, /is used by the database$/],
  ['an invalid port', {content: {kind: 'application', port: 70_000}}, /^70000 is not a port$/],
];

for (const [title, more, ...expected] of CASES) {
  test(`a fault is found: ${title}`, (t) => {
    const faults = faultsOf(choices(more));
    t.is(faults.length, expected.length, JSON.stringify(faults));
    for (const [index, pattern] of expected.entries()) t.regex(faults[index]?.message ?? '', pattern);
    t.true(faults.every(({hint, message}) => hint !== '' && !message.endsWith('.')));
  });
}

test('valid choices have no faults', (t) => {
  t.deepEqual(messages({}), []);
  t.deepEqual(messages({servers: serversLike('b', 'wp')}), []);
  t.deepEqual(messages({servers: at('192.0.2.1', 'two.example.org', '192.0.2.3', '10.0.0.2')}), []);
  t.deepEqual(messages({...pair(['2001:db8::1', '192.0.2.100/24'])}), []);
  t.deepEqual(messages({domain: 'intranet'}), []);
  t.deepEqual(messages({content: {kind: 'directory', directory: './site/public'}}), []);
});

test('a fault names the server that it is about', (t) => {
  t.deepEqual(
    faultsOf(choices({servers: serversLike('bw', 'wp')})).map(({server}) => server),
    ['s1'],
  );
});

function pair(virtualAddress: readonly string[]): Partial<Choices> {
  return {servers: serversLike('b', 'b', 'wp'), virtualAddress};
}

function mixed(): Partial<Choices> {
  const servers = serversLike('b', 'b', 'wp').map((each, index) => (index === 0 ? {...each, address: '::1'} : each));
  return {servers, virtualAddress: VIRTUAL};
}

function named(...names: readonly string[]): ServerChoice[] {
  return serversLike('b', 'wp', 'wr').map((server, index) => ({...server, name: names[index] ?? ''}));
}

/** The last one is the private address of the second. */
function at(first: string, second: string, third: string, inner?: string): ServerChoice[] {
  const addresses = [first, second, third];
  return serversLike('b', 'wp', 'wr').map((server, index) => {
    const privateAddress = index === 1 ? inner : undefined;
    return {...server, address: addresses[index] ?? '', ...(privateAddress !== undefined && {privateAddress})};
  });
}
