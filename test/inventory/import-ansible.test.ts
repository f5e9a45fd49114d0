import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {importAnsible} from '../../src/inventory/index.js';
import {parseIni} from '../../src/inventory/ini.js';
import {InputError} from '../../src/model/index.js';

const directory = mkdtempSync(path.join(tmpdir(), 'infra-import-'));
test.after.always(() => rmSync(directory, {recursive: true}));

let count = 0;

/** Writes files into a directory of their own, the inventory first, and imports it. */
function imported(text: string, name = 'hosts', others: Readonly<Record<string, string>> = {}) {
  const project = path.join(directory, String(count++));
  for (const [file, content] of Object.entries({[name]: text, ...others})) {
    mkdirSync(path.dirname(path.join(project, file)), {recursive: true});
    writeFileSync(path.join(project, file), content);
  }
  return importAnsible(path.join(project, name));
}

function faultsOf(text: string, name = 'hosts'): string[] {
  try {
    imported(text, name);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(
      ({at, message, hint}) => `${at?.line}:${at?.column} ${message}${hint ? ` | ${hint}` : ''}`,
    );
  }
}

const INI = `
# The servers of the shop.
bastion ansible_host='192.0.2.1'

[web]
web[1:2]
www.example.com:2222 ansible_user="the boss" # who is not a login name

[db] # databases
db1	ansible_host=192.0.2.31 ansible_port=2022 ansible_ssh_private_key_file=key

[db:vars]
ansible_user = "dba"   # quoted
ansible_become=True
ansible_python_interpreter=/usr/bin/python3
app_password="x=y"

[stock:children]
web
db

[all:vars]
ansible_user=deploy
`;

test('the INI format is read: hosts, ranges, ports, quotes, comments, variables and groups of groups', (t) => {
  const found = imported(INI, 'hosts', {key: ''});
  const short = found.map(({name, address, port, user, groups}) => [name, address, port, user, groups.join(' ')]);
  t.deepEqual(short, [
    ['bastion', '192.0.2.1', undefined, 'deploy', ''],
    ['web1', 'web1', undefined, 'deploy', 'stock web'],
    ['web2', 'web2', undefined, 'deploy', 'stock web'],
    ['www.example.com', 'www.example.com', 2222, 'deploy', 'stock web'],
    ['db1', '192.0.2.31', 2022, 'dba', 'stock db'],
  ]);
  t.true(found[4]?.identityFile?.endsWith('/key') && path.isAbsolute(found[4].identityFile));
  t.deepEqual(
    found.map(({notes}) => notes),
    [
      [],
      [],
      [],
      ['ansible_user is left out: it is not a login name'],
      ['ansible_python_interpreter is left out: infra does not use it'],
    ],
  );
});

test('every line of the INI format that cannot be understood is shown at its place', (t) => {
  const text = '[web\nweb1\n[db:foo]\n[a]\nb c\nd[3:1]\ne x="y\n[a:vars]\nz\n[a:children]\nf g\n';
  t.deepEqual(faultsOf(text), [
    '1:1 this is not the head of a section | Write [group], [group:vars] or [group:children].',
    '3:1 this is not the head of a section | Write [group], [group:vars] or [group:children].',
    '5:3 "c" is not a variable | Write name=value.',
    '6:1 "d[3:1]": the range ends before it starts | Write web[1:3] for web1, web2 and web3.',
    '7:1 a quote is not closed | Close it on the same line.',
    '9:1 "z" is not a variable | Write name=value.',
    '11:3 a child group must be on a line of its own',
  ]);
});

const YAML = `---
all:
  vars: {ansible_user: "{{ admin }}", ansible_become_password: x, http_port: 80}
  children:
    web app: {hosts: {"web[1:2]": {ansible_host: 192.0.2.1}}}
    db:
      vars: {ansible_user: 1000, ansible_port: "2022", secret: !vault abc, prot: x}
      hosts:
        db1: {ansible_host: db1.example.com, ansible_ssh_private_key_file: ~/there/is/no/such}
        "2001:db8::1":
        "db2:22":
`;

test('the YAML format is read, and what cannot be used is left out with a note', (t) => {
  const [web1, , db1, six, db2] = imported(YAML, 'hosts.yml');
  const all = ['ansible_become_password is left out. Allow the login user sudo without a password'];
  const user = 'ansible_user is left out: Ansible expressions are not evaluated';
  t.like(web1, {name: 'web1', address: '192.0.2.1', user: undefined, groups: ['web app'], notes: [user, ...all]});
  t.like(db1, {name: 'db1', address: 'db1.example.com', user: '1000', port: 2022, groups: ['db']});
  t.true(db1?.notes.includes('the key file ~/there/is/no/such does not exist'));
  t.like(six, {name: '2001-db8-1', address: '2001:db8::1'});
  t.true(six?.notes.includes('Ansible calls it "2001:db8::1"'));
  t.like(db2, {name: 'db2', address: 'db2', port: 2022});
});

test('files of variables next to it count, but those that cannot be read only leave a note', (t) => {
  const [host] = imported('web1', 'hosts', {
    'group_vars/all.yml': 'ansible_user: deploy',
    'group_vars/other.yml': '[',
    'host_vars/web1/main.yml': 'ansible_port: 2022',
    'host_vars/web1/vault.yml': '$ANSIBLE_VAULT;1.1;AES256\n3062',
  });
  t.like(host, {user: 'deploy', port: 2022});
  t.regex(host?.notes.join() ?? '', /web1\/vault\.yml is left out: it is encrypted with Ansible Vault$/);
});

test('what is not an inventory is refused with what to do', (t) => {
  t.regex(
    faultsOf('#!/usr/bin/python3\n').join(),
    /^1:1 this inventory is a program.* \| Let Ansible write it to a file: /,
  );
  t.deepEqual(faultsOf('- web1', 'hosts.yml'), [
    '1:1 an inventory must be a mapping, not a list | Write each as "name:" instead of "- name".',
  ]);
  t.throws(() => importAnsible(directory), {instanceOf: InputError, message: /it is a directory/});
  t.throws(() => importAnsible(path.join(directory, 'none')), {
    instanceOf: InputError,
    message: /there is no such file/,
  });
});

test('whatever a file in the INI format holds, it is read or its faults are reported', (t) => {
  const part = fc.constantFrom(
    ...'ab1:=[]"\'\\#; \t\n\r',
    '[a]',
    '[a:vars]',
    '[b:children]\n',
    'ansible_port=',
    '[1:3]',
    '__proto__',
  );
  const text = fc.oneof(
    fc.array(part, {maxLength: 40}).map((parts) => parts.join('')),
    fc.string({unit: 'binary'}),
  );
  fc.assert(
    fc.property(text, (each) => {
      try {
        return parseIni({file: '/hosts', text: each}).groups.has('all');
      } catch (error) {
        return error instanceof InputError && error.diagnostics.every(({at}) => at !== undefined && at.column > 0);
      }
    }),
    {numRuns: 2000},
  );
  t.pass();
});
