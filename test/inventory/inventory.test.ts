import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {homedir, tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {stringify} from 'yaml';
import {loadInventory, parseInventory} from '../../src/inventory/index.js';
import {InputError} from '../../src/model/index.js';

const parse = (text: string) => parseInventory(text, '/project/inventory/lab.yml');
const host = (text: string, name = 'web1') => parse(text).hosts.find((each) => each.name === name);

function faultsOf(text: string): string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(
      ({at, message, hint}) => `${at?.line}:${at?.column} ${message}${hint ? ` | ${hint}` : ''}`,
    );
  }
}

test('groups nest, and hosts are listed in the order written', (t) => {
  const inventory = parse(`
all:
  children:
    lb: {hosts: {lb1: {address: 198.18.0.11}}}
    db:
      children: {primary: {hosts: {db1: }}, replica: {hosts: {db2: }}}
`);
  t.deepEqual(
    inventory.hosts.map(({name}) => name),
    ['lb1', 'db1', 'db2'],
  );
  const groups = [...inventory.groups].map(([name, hosts]) => `${name}: ${hosts.map((each) => each.name).join(' ')}`);
  t.deepEqual(groups, ['all: lb1 db1 db2', 'lb: lb1', 'db: db1 db2', 'primary: db1', 'replica: db2']);
  t.deepEqual(inventory.hosts[1]?.groups, ['all', 'db', 'primary']);
  t.deepEqual(inventory.hosts[1]?.at, {file: '/project/inventory/lab.yml', line: 6, column: 36});
});

test('a host without settings has the usual ones', (t) => {
  const {address, port, user, become, knownHostsFiles, vars} = host('web: {hosts: {web1: }}') ?? {};
  const name = userInfo().username;
  t.deepEqual({address, port, user, become}, {address: 'web1', port: 22, user: name, become: name !== 'root'});
  t.deepEqual({knownHostsFiles, vars}, {knownHostsFiles: [join(homedir(), '.ssh/known_hosts')], vars: {}});
});

test('paths start from the directory of the inventory, or from home', (t) => {
  const found = host('web: {vars: {identityFile: ../keys/id, knownHostsFile: ~/hosts}, hosts: {web1: }}');
  t.deepEqual(found?.identityFiles, ['/project/keys/id']);
  t.deepEqual(found?.knownHostsFiles, [join(homedir(), 'hosts')]);
});

test("Ansible's names of settings are understood, and root does not become", (t) => {
  const found = host(`
web:
  vars: {ansible_user: root, ansible_ssh_private_key_file: /keys/id}
  hosts: {web1: {ansible_host: 198.18.0.21, ansible_port: 2222}, web2: {ansible_become: yes}}
`);
  t.like(found, {address: '198.18.0.21', port: 2222, user: 'root', become: false, vars: {}});
  t.deepEqual(found?.identityFiles, ['/keys/id']);
});

test('inner groups win over outer ones, later names over earlier ones, the host over all', (t) => {
  const found = host(`
all:
  vars: {a: all, b: all, c: all, d: all, e: all}
  children:
    zone: {vars: {b: zone, c: zone, d: zone}, children: {apple: {vars: {d: apple}, hosts: {web1: }}}}
    web: {vars: {b: web, c: web, d: web, e: web}, hosts: {web1: {e: host}}}
`);
  t.deepEqual(found?.vars, {a: 'all', b: 'zone', c: 'zone', d: 'apple', e: 'host'});
  t.deepEqual(found?.groups, ['all', 'web', 'zone', 'apple']);
});

test('variables stay as written; mappings of two groups replace each other', (t) => {
  const found = host('all: {vars: {m: {x: 1}}}\nweb: {vars: {m: {y: [1, null]}, labSuite: sid}, hosts: {web1: }}');
  t.deepEqual(found?.vars, {m: {y: [1, null]}, labSuite: 'sid'});
});

test('a host in several groups needs its address once, and merges its variables', (t) => {
  const found = host('web: {hosts: {web1: {address: 198.18.0.21, a: 1}}}\ndb: {hosts: {web1: {b: 2}}}');
  t.like(found, {address: '198.18.0.21', vars: {a: 1, b: 2}, groups: ['all', 'db', 'web']});
});

test('ranges stand for many hosts', (t) => {
  const names = parse('web: {hosts: {"web[1:3]": , "db[08:10]": , "r[a:c:2]-[1:2]": }}').hosts.map(({name}) => name);
  t.deepEqual(names, ['web1', 'web2', 'web3', 'db08', 'db09', 'db10', 'ra-1', 'ra-2', 'rc-1', 'rc-2']);
});

test('merge keys and aliases are followed, what is written next to them wins', (t) => {
  const text =
    'web:\n  vars: &v {port: 2222, x: 1}\n  hosts:\n    web1: {<<: *v, x: 2}\n    web2: {<<: [{y: 3}, *v], address: w}';
  t.like(host(text), {port: 2222, vars: {x: 2}});
  t.like(host(text, 'web2'), {port: 2222, vars: {x: 1, y: 3}});
});

test('all faults of a file are shown at once, each at its place', (t) => {
  const faults = faultsOf(`all:
  children:
    lb:
      host: {lb1: {address: 198.18.0.11}}
    web:
      hosts:
        web1: {adress: 198.18.0.21}
        web2: {address: 198.18.0.22, port: 70000}
        web3: {address: 198.18.0.22, weight: 1, weight: 2}
    db:
      hosts:
        - db1
    x:
\thosts:
`);
  t.deepEqual(faults, [
    '4:7 unknown key "host" in group "lb" | Did you mean "hosts"?',
    '7:16 unknown key "adress" | Did you mean "address"?',
    '8:44 "port" must be 1 to 65535',
    '9:16 hosts "web2" and "web3" are the same server: 198.18.0.22 port 22 | Give each its own address.',
    '9:49 one mapping has this key twice | Join the two, or remove one.',
    '12:9 "hosts" of group "db" must be a mapping, not a list | Write each as "name:" instead of "- name".',
    '14:1 this line is indented with a tab | Indent it with spaces.',
  ]);
});

const FAULTS: readonly (readonly [text: string, ...faults: string[]])[] = [
  ['', '1:1 the inventory has no hosts | Write, for instance: "all: {hosts: {web1: {address: 192.0.2.10}}}".'],
  [
    '[web]\nweb1',
    "1:1 this is Ansible's INI format; an inventory is YAML | Convert it: ansible-inventory --list --yaml --export",
  ],
  ['- web1', '1:1 an inventory must be a mapping, not a list | Write each as "name:" instead of "- name".'],
  ['hosts: {web1: }', '1:1 "hosts" is outside of any group | Put it under "all:".'],
  ['web: {hosts: {web1: }, user: x}', '1:24 unknown key "user" in group "web" | Put it under "vars:".'],
  [
    'web: {hosts: {web1: }, foo: x}',
    '1:24 unknown key "foo" in group "web" | A group has "hosts", "vars" and "children".',
  ],
  ['web: {hosts: {1: }}', '1:15 a name in "hosts" of group "web" must be text | Put it in quotes.'],
  [
    'web: {hosts: {"web1:22": }}',
    '1:15 "web1:22" is not a host name | Write the port as a key of its own: "port: 2222".',
  ],
  ['web: {hosts: {-x: }}', '1:15 "-x" is not a host name | Use letters, digits, "-", "_" and ".".'],
  [
    'web: {hosts: {"w[2:1]": }}',
    '1:15 "w[2:1]": the range ends before it starts | Write web[1:3] for web1, web2 and web3.',
  ],
  [
    'web: {hosts: {w: 198.18.0.1}}',
    '1:18 host "w" must be a mapping, not the text "198.18.0.1" | If that is its address, write {address: 198.18.0.1}.',
  ],
  ['web: {hosts: {w: {address: 198.18.0.300}}}', '1:28 "address" is not an IPv4 address'],
  ['web: {hosts: {w: {address: "a:22"}}}', '1:28 "address" is not an IP address; the port has a key of its own'],
  ['web: {hosts: {w: {address: -oProxy}}}', '1:28 "address" must be an IP address or a DNS name'],
  ['web: {hosts: {w: {address: }}}', '1:19 "address" is empty'],
  ['web: {hosts: {w: {port: "22"}}}', '1:25 "port" must be a whole number'],
  ['web: {hosts: {w: {become: maybe}}}', '1:27 "become" must be true or false'],
  ['web: {hosts: {w: {identity_file: a}}}', '1:19 unknown key "identity_file" | Did you mean "identityFile"?'],
  ['web: {hosts: {w: {Port: 22}}}', '1:19 unknown key "Port" | Did you mean "port"?'],
  [
    'web: {hosts: {w: {ansible_user: "{{ x }}"}}}',
    '1:33 "ansible_user" holds an Ansible expression, which is not evaluated | Write the value itself.',
  ],
  [
    'web: {hosts: {w: {ansible_password: x}}}',
    '1:19 "ansible_password" is not supported | Log in with a key: set identityFile.',
  ],
  [
    'web: {hosts: {w: {port: 1, ansible_port: 2}}}',
    '1:28 "ansible_port" repeats another key of this mapping | Remove one of them.',
  ],
  [
    'a: {hosts: {w: {port: 1}}}\nb: {hosts: {w: {port: 2}}}',
    '2:17 host "w" has a different "port" in line 1 | Set it in one place.',
  ],
  ['a: {hosts: {a: }}', '1:13 "a" names both a host and a group | Rename one of them.'],
  ['a: {children: {b: {children: {a: }}}, hosts: {w: }}', '1:31 group "a" is inside itself | Remove it under "b".'],
  [
    'a: {hosts: {w: {x: !vault abc}}}',
    '1:20 Ansible Vault values are not read | Use secret() in the playbook instead.',
  ],
  ['a: {hosts: {w: *nix}}', '1:16 there is no anchor "&nix" above | Add one, or put the text in quotes.'],
  [
    'a: {vars: {x: {<<: 1}}, hosts: {w: }}',
    '1:15 "<<" in "x" merges something that is not a mapping | Name an alias of a mapping.',
  ],
  ['a: &a {hosts: {w: {x: *a}}}', '1:23 "*a" is inside of its own anchor | Write the value itself.'],
];

for (const [text, ...faults] of FAULTS) {
  test(`${JSON.stringify(text)} is refused`, (t) => t.deepEqual(faultsOf(text), faults));
}

test('variables that merely resemble a setting are free when they hold more than one value', (t) => {
  t.deepEqual(host('web: {hosts: {web1: {users: [a], ports: [1], weight: 2}}}')?.vars, {
    users: ['a'],
    ports: [1],
    weight: 2,
  });
});

test('a missing file is named with the inventories near it', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'infra-inventory-'));
  t.teardown(() => rmSync(directory, {recursive: true}));
  writeFileSync(join(directory, 'lab.yml'), 'web: {hosts: {web1: }}');
  const missing = t.throws(() => loadInventory(join(directory, 'lob.yml')), {instanceOf: InputError})?.diagnostics[0];
  t.is(missing?.message, `cannot read the inventory ${directory}/lob.yml: there is no such file`);
  t.is(missing?.hint, `The inventories near it are: ${directory}/lab.yml.`);
  t.is(loadInventory(join(directory, 'lab.yml')).hosts.length, 1);
  writeFileSync(join(directory, 'bin.yml'), Buffer.from([0xff, 0xfe, 0]));
  t.throws(() => loadInventory(join(directory, 'bin.yml')), {message: /it is not UTF-8 text/});
});

const KEYS = ['all', 'hosts', 'vars', 'children', 'web', 'address', 'port', '<<', 'web[1:3]', 'a[', '__proto__'];
const tree = fc.letrec((tie) => ({
  node: fc.oneof({maxDepth: 6}, fc.constantFrom(null, 1, 'x', true), tie('list'), tie('map'), tie('map')),
  list: fc.array(tie('node'), {maxLength: 2}),
  map: fc.dictionary(fc.constantFrom(...KEYS), tie('node'), {maxKeys: 4}),
})).map;

test('whatever a file holds, the loader gives an inventory or says what is wrong', (t) => {
  const orFaults = (text: string) => t.notThrows(() => faultsOf(text));
  fc.assert(fc.property(tree, (value) => orFaults(stringify(value))));
  fc.assert(
    fc.property(fc.string({unit: fc.constantFrom(...'ab:{}[]&*!<-?|>"\'#\t\n ,', '<<: ', '*a', '&a ')}), orFaults),
  );
});

test('slips of somebody new to YAML are reported as what they are', (t) => {
  const host = (text: string) => faultsOf(`web:\n  hosts:\n    ${text}\n`);
  t.deepEqual(host('web1: {address:192.0.2.1}'), [
    '3:12 a space is missing after "address:" | Add it; otherwise YAML reads all of it as a name.',
  ]);
  t.deepEqual(host('web1: {address: 192.0.2.1'), ['4:1 a "{" above this line is not closed | Close it with "}".']);
  t.deepEqual(host('web1: 192.0.2.1'), [
    '3:11 host "web1" must be a mapping, not the text "192.0.2.1" | If that is its address, write {address: 192.0.2.1}.',
  ]);
  t.deepEqual(faultsOf('web:\n  hosts\n    web1: {}\n'), [
    '2:3 a ":" is missing at the end of this line | Write it as "name:".',
  ]);
});
