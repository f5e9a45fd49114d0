import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {inventoryFiles, loadInventory} from '../../src/inventory/index.js';
import {InputError} from '../../src/model/index.js';

const root = mkdtempSync(path.join(tmpdir(), 'infra-variables-'));
test.after.always(() => rmSync(root, {recursive: true}));

let count = 0;

/** Writes files into a directory of their own, and gives the path of `hosts.yml` in it. */
function project(files: Readonly<Record<string, string>>): string {
  const directory = path.join(root, String(count++), 'inventory');
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, file)), {recursive: true});
    writeFileSync(path.join(directory, file), text);
  }
  return path.join(directory, 'hosts.yml');
}

const load = (files: Readonly<Record<string, string>>) => loadInventory(project(files));

/** `FILE:LINE:COLUMN MESSAGE | HINT`, the file as the project calls it. */
function faultsOf(files: Readonly<Record<string, string>>): string[] {
  const file = project(files);
  try {
    loadInventory(file);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(({at, message, hint}) => {
      const place = path.relative(path.dirname(file), at?.file ?? '');
      return `${place}:${at?.line}:${at?.column} ${message}${hint ? ` | ${hint}` : ''}`;
    });
  }
}

const HOSTS = `all:
  vars: {a: inventory, b: inventory, c: inventory, d: inventory}
db:
  vars: {b: in db, e: in db, g: in db}
  children: {primary: {hosts: {db1: {f: host, g: host}}}}
`;

test('files of variables have the precedence that they have in Ansible', (t) => {
  const [host] = load({
    'hosts.yml': HOSTS,
    'group_vars/all.yml': 'b: all file\nc: all file\nd: all file\ne: all file\nf: all file',
    'group_vars/db.yaml': 'c: db file\nd: db file',
    'group_vars/primary/a.yml': 'd: first\nh: first',
    'group_vars/primary/b.yml': 'h: second',
    'host_vars/db1.yml': 'g: host file',
  }).hosts;
  t.deepEqual(host?.vars, {
    a: 'inventory',
    b: 'all file',
    c: 'db file',
    d: 'first',
    e: 'all file',
    f: 'host',
    g: 'host file',
    h: 'second',
  });
});

test('settings in them count, and paths start from the directory of the inventory file', (t) => {
  const [host] = load({
    'hosts.yml': 'web: {hosts: {web1: {address: 192.0.2.1}}}',
    'group_vars/web/login.yml': 'user: deploy\nidentityFile: ../keys/id',
    'host_vars/web1.yml': 'ansible_host: 192.0.2.2\nport: 2222\n',
  }).hosts;
  t.like(host, {address: '192.0.2.2', port: 2222, user: 'deploy', vars: {}});
  t.is(host?.identityFiles[0]?.replace(/^.*\d\//, ''), 'keys/id');
});

test('all files it is made from are known, sorted, without hidden ones and what editors leave', (t) => {
  const file = project({
    'hosts.yml': 'web: {hosts: {web1.example.com: }}',
    'hosts.schema.json': '{',
    'group_vars/web/b.yml': '',
    'group_vars/web/a.json': '{"x": 1}',
    'group_vars/web/notes.txt': '[',
    'group_vars/all': 'y: 2',
    'group_vars/.web.yml.swp': '[',
    'group_vars/web.yml~': '[',
    'group_vars/LICENCE': '[',
    'host_vars/web1.example.com': 'z: 3',
  });
  const inventory = loadInventory(file);
  t.deepEqual(inventory.hosts[0]?.vars, {x: 1, y: 2, z: 3});
  t.deepEqual(inventory.files, inventoryFiles(file));
  t.deepEqual(
    inventory.files.map((each) => path.relative(path.dirname(file), each)),
    [
      'hosts.yml',
      ...['LICENCE', 'all', 'web/a.json', 'web/b.yml'].map((each) => `group_vars/${each}`),
      'host_vars/web1.example.com',
    ],
  );
});

test('all faults of the inventory and of these files are shown at once, each at its place', (t) => {
  const faults = faultsOf({
    'hosts.yml': 'web: {hosts: {web1: {port: 0}, web2: }, foo: 1}\ndb: {hosts: {db1: }}',
    'group_vars/wbe.yml': 'x: 1',
    'group_vars/other/a.yml': 'x: 1',
    'group_vars/web1.yml': 'x: 1',
    'group_vars/web.yml': '# a comment\nusr: deploy\nport: "22"\n',
    'group_vars/web/more.yml': 'x: 1',
    'group_vars/db.yml': '- x\n',
    'group_vars/all.yml': 'x:\n\ty: 1\n',
    'host_vars/web1.yml': '$ANSIBLE_VAULT;1.1;AES256\n3062\n',
    'host_vars/web2.yml': 'a: !vault x\nuser: "{{ me }}"\n',
    'host_vars/wbe2.yml': '',
  });
  t.deepEqual(faults, [
    'hosts.yml:1:28 "port" must be 1 to 65535',
    'hosts.yml:1:41 unknown key "foo" in group "web" | A group has "hosts", "vars" and "children".',
    'group_vars/all.yml:2:1 this line is indented with a tab | Indent it with spaces.',
    'group_vars/db.yml:1:1 a file of variables must be a mapping, not a list | Write each as "name:" instead of "- name".',
    'group_vars/other/a.yml:1:1 the inventory has no group "other" | The groups are: all, web, db.',
    'group_vars/wbe.yml:1:1 the inventory has no group "wbe" | Did you mean "web"?',
    'group_vars/web.yml:1:1 "web" and "web.yml" are both for the group "web" | Keep one of them: a file, or a directory of files.',
    'group_vars/web.yml:2:1 unknown key "usr" | Did you mean "user"?',
    'group_vars/web.yml:3:7 "port" must be a whole number',
    'group_vars/web1.yml:1:1 the inventory has no group "web1" | That is a host; move the file to host_vars/.',
    'host_vars/wbe2.yml:1:1 the inventory has no host "wbe2" | Did you mean "web2"?',
    'host_vars/web1.yml:1:1 this file is encrypted with Ansible Vault, which cannot be read | Store its values with infra secrets, and use them with secret() in the playbook.',
    'host_vars/web2.yml:1:4 Ansible Vault values are not read | Use secret() in the playbook instead.',
    'host_vars/web2.yml:2:7 "user" holds an Ansible expression, which is not evaluated | Write the value itself.',
  ]);
});

test('several inventories may share these files, each with hosts of its own', (t) => {
  const files = {
    'hosts.yml': 'web: {hosts: {web1: }}',
    'staging.yml': 'web: {hosts: {"stage[1:2]": }}\nextra: {hosts: {x: {address: not valid}}}',
    'group_vars/extra.yml': 'a: 1',
    'host_vars/stage2.yml': 'a: 1',
  };
  t.deepEqual(faultsOf(files), []);
  t.deepEqual(faultsOf({...files, 'host_vars/stage3.yml': ''}), [
    'host_vars/stage3.yml:1:1 the inventory has no host "stage3" | The hosts are: web1.',
  ]);
});

test('two hosts with one address are told apart from files too', (t) => {
  t.deepEqual(faultsOf({'hosts.yml': 'web: {hosts: {w1: {address: a}, w2: }}', 'host_vars/w2.yml': 'address: a'}), [
    'hosts.yml:1:33 hosts "w1" and "w2" are the same server: a port 22 | Give each its own address.',
  ]);
});
