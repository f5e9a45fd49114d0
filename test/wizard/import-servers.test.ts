import test from 'ava';
import {answersOf} from '../../src/wizard/import-servers.js';

const host = (name: string, ...groups: string[]) => ({name, address: `${name}.example.org`, groups, notes: []});

const roles = (...hosts: ReturnType<typeof host>[]) =>
  answersOf(hosts).answers.servers?.map((server) => `${server.name} ${server.roles?.join('+') ?? 'open'}`);

test('groups with common names give the roles of servers', (t) => {
  t.deepEqual(roles(host('a', 'lb'), host('b', 'webservers', 'primary'), host('c', 'web', 'replicas'), host('d')), [
    ...['a balancer', 'b web+primary', 'c web+replica', 'd open'],
  ]);
});

test('the first server in a group of databases is the primary, and the others are replicas', (t) => {
  t.deepEqual(roles(host('a', 'web'), host('b', 'db'), host('c', 'web', 'db')), [
    'a web',
    'b primary',
    'c web+replica',
  ]);
  t.deepEqual(roles(host('b', 'db'), host('c', 'db', 'primary')), ['b replica', 'c primary']);
});
