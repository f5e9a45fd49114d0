import test from 'ava';
import {KNOWN_RELEASES, releasesWith} from '../../../src/model/index.js';
import type {Choices} from '../../../src/project/choices.js';
import {concernsOf} from '../../../src/survey/index.js';
import {type Special, surveyed} from './surveyed.js';

const WEB = {name: 'web1', address: '192.0.2.41', roles: ['web']} as const;
const DATABASE = {name: 'db1', address: '192.0.2.31', roles: ['primary']} as const;
const BALANCER = {name: 'lb1', address: '192.0.2.11', roles: ['balancer']} as const;

const listener = (port: number, program: string, unit = `${program}.service`) => ({port, program, unit});

/** What is wrong, and the next step. */
function concerns(servers: readonly Special[], more: Partial<Choices> = {}): readonly string[] {
  const {choices, surveys} = surveyed(servers, more);
  return concernsOf(choices, surveys).map(({message, hint}) => `${message} > ${hint}`);
}

test('sound servers raise no concern, and servers that were not surveyed raise none', (t) => {
  t.deepEqual(concerns([{server: WEB}, {server: DATABASE}, {server: BALANCER}]), []);
  const {choices} = surveyed([{server: {...WEB, privateAddress: '10.9.9.9'}}]);
  t.deepEqual(concernsOf(choices, new Map()), []);
});

test('a release that infra does not know is named, with those that it knows', (t) => {
  const old = {server: WEB, facts: {os: 'debian', codename: 'bullseye', version: '11'}} as const;
  t.deepEqual(concerns([old]), [
    'web1 runs Debian 11 (bullseye), which infra does not know > ' +
      `Install Debian 13 there, or take another server: infra is made for ${KNOWN_RELEASES}.`,
  ]);
  t.deepEqual(concerns([{server: WEB, facts: {os: 'ubuntu', codename: 'noble', version: '24.04'}}]), []);
  t.deepEqual(concerns([{server: WEB, facts: {codename: 'sid', version: ''}}]), []);
});

test('MySQL is a concern where the release has none, and on servers of the database alone', (t) => {
  const enough = {facts: {memory: 2 ** 31}};
  t.deepEqual(concerns([{server: WEB}, {server: DATABASE, ...enough}], {database: 'mysql'}), [
    `db1 runs Debian 13 (trixie), which has no MySQL > Choose MariaDB, or a server with ${releasesWith('mysql', 'or')}.`,
  ]);
  const ubuntu = {
    server: DATABASE,
    facts: {...enough.facts, os: 'ubuntu', codename: 'noble', version: '24.04'},
  } as const;
  t.deepEqual(concerns([ubuntu], {database: 'mysql'}), []);
});

test('a port that another program has is reported with the command that frees it, once for each program', (t) => {
  const found = {
    listening: [
      listener(80, 'apache2'),
      listener(443, 'apache2'),
      listener(8099, 'apache2'),
      listener(3306, 'mysqld', 'mysql.service'),
    ],
  };
  t.deepEqual(concerns([{server: WEB, found}]), [
    'ports 80, 443 and 8099 of web1 are used by apache2 > On web1: sudo systemctl disable --now apache2\nOr give web1 another role.',
  ]);
});

test('a database that is in the way is a concern, and the advice is never to stop it', (t) => {
  const found = {listening: [listener(3306, 'mysqld', 'mysql.service')]};
  t.deepEqual(concerns([{server: DATABASE, found}]), [
    'port 3306 of db1 is used by mysqld > Choose MySQL, which is installed already.\nOr give db1 another role.',
  ]);
  t.deepEqual(concerns([{server: BALANCER, found}]), [
    'port 3306 of lb1 is used by mysqld > Move that database to another server.\nOr give lb1 another role.',
  ]);
});

test('a server where the programs of its own roles listen is one that infra set up before', (t) => {
  const own = (...listening: readonly ReturnType<typeof listener>[]) => ({found: {listening}});
  t.deepEqual(
    concerns([
      {server: WEB, ...own(listener(80, 'nginx'), listener(443, 'nginx'))},
      {server: DATABASE, ...own(listener(3306, 'mariadbd'), listener(9200, 'systemd', ''))},
      {server: BALANCER, ...own(listener(443, 'haproxy'), listener(3306, 'haproxy'))},
    ]),
    [],
  );
  t.regex(concerns([{server: BALANCER, ...own(listener(80, 'nginx'))}])[0] ?? '', /^port 80 of lb1 is used by nginx/);
});

test('the advice never stops SSH or all of Docker', (t) => {
  const found = {listening: [listener(443, 'sshd', 'ssh.service'), listener(80, 'docker-proxy', 'docker.service')]};
  t.deepEqual(concerns([{server: WEB, found}]), [
    'port 443 of web1 is used by sshd > On web1: make sshd listen on another port\nOr give web1 another role.',
    'port 80 of web1 is used by docker-proxy > On web1: ' +
      'stop the container that sudo docker ps --filter publish=80 shows\nOr give web1 another role.',
  ]);
});

test('a port whose program has no unit, or is unknown, is reported with the way to find it', (t) => {
  const found = {listening: [listener(80, 'python3', ''), listener(443, '', '')]};
  t.deepEqual(concerns([{server: WEB, found}]), [
    "port 80 of web1 is used by python3 > On web1: find the program with sudo ss -ltnp 'sport = :80', and stop it.\nOr give web1 another role.",
    "port 443 of web1 is used by an unknown program > On web1: find the program with sudo ss -ltnp 'sport = :443', and stop it.\nOr give web1 another role.",
  ]);
});

test('memory and disk are judged by the roles of the server', (t) => {
  const small = {facts: {memory: 470 * 2 ** 20}, found: {freeBytes: 2 * 2 ** 30}};
  t.deepEqual(concerns([{server: WEB, ...small}]), []);
  t.deepEqual(concerns([{server: DATABASE, ...small}]), [
    'db1 has 2 GiB left on the disk of /var, and MariaDB needs 3 GiB > ' +
      'On db1, see what fills it: sudo du -xh -d 2 /var | sort -h | tail',
  ]);
  const [, memory] = concerns([{server: DATABASE, ...small}], {database: 'mysql'});
  t.is(memory, 'db1 has 470 MiB of memory, and MySQL needs 900 MiB > Give db1 more memory, or take another server.');
});

test('a database, or a balancer of several, must have the address at which others reach it', (t) => {
  const behind = {facts: {addresses: ['10.0.0.5'], interfaces: [{name: 'eth0', address: '10.0.0.5', prefix: 24}]}};
  t.deepEqual(concerns([{server: WEB, ...behind}]), []);
  t.deepEqual(concerns([{server: DATABASE, ...behind}]), [
    'db1 has no address 192.0.2.31 of its own for the other servers > ' +
      'Give one of these as the private address of db1: 10.0.0.5.',
  ]);
  t.deepEqual(concerns([{server: {...DATABASE, privateAddress: '10.0.0.5'}, ...behind}]), []);
  t.deepEqual(concerns([{server: BALANCER, ...behind}]), []);
  t.is(concerns([{server: BALANCER, ...behind}], {virtualAddress: ['10.0.0.100']}).length, 1);
});

test('an address that belongs to another server is reported with the name of that server', (t) => {
  const wrong = {...WEB, privateAddress: '192.0.2.31'};
  t.deepEqual(concerns([{server: wrong}, {server: DATABASE}]), [
    '192.0.2.31 is an address of db1, not of web1 > Correct the address of web1.',
  ]);
});

test('two names for one machine are reported once, however IPv6 is written', (t) => {
  const facts = {addresses: ['192.0.2.41', '2001:db8::41']};
  const again = {name: 'web2', address: '2001:DB8:0::41', roles: ['web']} as const;
  t.deepEqual(
    concerns([
      {server: WEB, facts},
      {server: again, facts},
    ]),
    ['web2 and web1 are one and the same machine > Take one of the two out.'],
  );
});

test('a virtual address must not belong to any server, and must be in a network of every balancer', (t) => {
  t.deepEqual(concerns([{server: BALANCER}, {server: WEB}], {virtualAddress: ['192.0.2.100']}), []);
  t.deepEqual(concerns([{server: BALANCER}, {server: WEB}], {virtualAddress: ['192.0.2.41']}), [
    "the virtual address 192.0.2.41 is web1's own > Choose a virtual address that no server has.",
  ]);
  t.deepEqual(concerns([{server: BALANCER}], {virtualAddress: ['198.51.100.7/24']}), [
    'the virtual address 198.51.100.7 is in no network of lb1 (192.0.2.11/24) > ' +
      'Choose a free address of a network that all balancers are in.',
  ]);
});
