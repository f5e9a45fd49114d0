import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import {homedir, tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {loadInventory} from '../../src/inventory/index.js';
import type {Inventory} from '../../src/model/index.js';
import {type Choices, renderProject} from '../../src/project/index.js';
import {ABOUT, choices, serversLike} from './choices.js';

function load(choice: Choices): {inventory: Inventory; directory: string} {
  const directory = mkdtempSync(join(tmpdir(), 'infra-project-'));
  mkdirSync(join(directory, 'inventory/group_vars'), {recursive: true});
  for (const [path, text] of renderProject(choice, ABOUT))
    if (path.startsWith('inventory/')) writeFileSync(join(directory, path), text);
  return {inventory: loadInventory(join(directory, 'inventory/hosts.yml')), directory};
}

const hostNamed = ({hosts}: Inventory, name: string) => hosts.find((host) => host.name === name);

const membersOf = ({groups}: Inventory, group: string) => groups.get(group)?.map(({name}) => name);

test('each server is in the groups of its roles, and a server without roles in none', (t) => {
  const {inventory} = load(choices({servers: serversLike('b', 'wp', 'wr', '')}));
  t.deepEqual(membersOf(inventory, 'lb'), ['s1']);
  t.deepEqual(membersOf(inventory, 'web'), ['s2', 's3']);
  t.deepEqual(membersOf(inventory, 'db'), ['s2', 's3']);
  t.deepEqual(membersOf(inventory, 'primary'), ['s2']);
  t.deepEqual(membersOf(inventory, 'replica'), ['s3']);
  t.deepEqual(hostNamed(inventory, 's4')?.groups, ['all']);
});

test('servers keep the order in which they were given, even if their names are numbers', (t) => {
  const servers = serversLike('b', 'w', 'w', 'wp').map((server, index) => ({
    ...server,
    name: ['9', '7', '10', '2'][index] ?? '',
  }));
  t.deepEqual(membersOf(load(choices({servers})).inventory, 'web'), ['7', '10', '2']);
});

test('the inventory says how a server is reached, where that differs from the defaults', (t) => {
  const [first, ...others] = serversLike('b', 'wp', 'wr');
  const servers = [
    {
      ...first,
      name: 's1',
      address: '2001:db8::1',
      port: 2222,
      privateAddress: '10.0.0.1',
      roles: ['balancer'] as const,
    },
    ...others,
  ];
  const choice = choices({servers, user: 'root'});
  const {inventory, directory} = load(choice);
  t.like(hostNamed(inventory, 's1'), {
    address: '2001:db8::1',
    port: 2222,
    user: 'root',
    become: false,
    knownHostsFiles: [join(directory, 'inventory/known_hosts')],
    vars: {private_address: '10.0.0.1', domain: 'www.example.org'},
  });
  const text = renderProject(choice, ABOUT).get('inventory/hosts.yml') ?? '';
  t.true(text.includes('    s2: {address: 192.0.2.2}\n'), text);
  t.true(text.startsWith('# yaml-language-server: $schema=hosts.schema.json\n'));
});

test('the path of a key leads to the same file from the inventory as from the project', (t) => {
  const files = (identityFile: string) => {
    const {inventory, directory} = load(choices({identityFile}));
    return inventory.hosts[0]?.identityFiles.map((file) => file.replace(directory, 'PROJECT'));
  };
  t.deepEqual(files('~/.ssh/my key: #1'), [join(homedir(), '.ssh/my key: #1')]);
  t.deepEqual(files('/keys/*a'), ['/keys/*a']);
  t.deepEqual(files('keys/it\'s "mine"'), ['PROJECT/keys/it\'s "mine"']);
});

test('variables of the site are in files next to the inventory, where they have a use', (t) => {
  const alone = load(choices()).inventory;
  t.deepEqual(hostNamed(alone, 's1')?.vars, {domain: 'www.example.org'});
  const pair = {
    servers: serversLike('b', 'b', 'wp'),
    virtualAddress: ['192.0.2.100'],
    sshFrom: ['192.0.2.0/24', '::1'],
  };
  const {inventory} = load(choices(pair));
  t.is(hostNamed(inventory, 's2')?.vars.virtualAddress, '192.0.2.100');
  // The web servers reach the database there, and the certificates of the databases have it.
  t.is(hostNamed(inventory, 's3')?.vars.virtualAddress, '192.0.2.100');
  t.deepEqual(hostNamed(inventory, 's3')?.vars.sshFrom, ['192.0.2.0/24', '::1']);
});
