import test from 'ava';
import fc from 'fast-check';
import {importVariable, importVariables, readVariables} from '../../src/inventory/variables.js';
import {openYaml, type Yaml} from '../../src/inventory/yaml.js';

const open = (text: string) => openYaml({file: '/project/hosts.yml', text});

const entriesOf = (yaml: Yaml) => yaml.entries(yaml.root, 'the variables');

function read(text: string) {
  const yaml = open(text);
  const variables = [...readVariables(yaml, entriesOf(yaml))].map(([name, {value}]) => [name, value]);
  const faults = yaml
    .faults()
    .map(({at, message, hint}) => `${at?.line}:${at?.column} ${message}${hint ? ` | ${hint}` : ''}`);
  return {variables: Object.fromEntries(variables), faults};
}

test('a setting is read under our own name, everything else as it is written', (t) => {
  const yaml = open('ansible_host: 192.0.2.1\nworkers: 4\nnothing:\nlist: [a, {b: 1}]\n');
  const variables = readVariables(yaml, entriesOf(yaml));
  const {source} = yaml;
  t.deepEqual(
    [...variables],
    [
      ['address', {value: '192.0.2.1', at: 0, setting: true}],
      ['workers', {value: 4, at: 24, source, setting: false}],
      ['nothing', {value: null, at: 35, source, setting: false}],
      ['list', {value: ['a', {b: 1}], at: 44, source, setting: false}],
    ],
  );
  t.deepEqual(yaml.faults(), []);
});

test('an expression of Ansible is a plain text in a variable, and refused in a setting', (t) => {
  t.deepEqual(read('greeting: "{{ name }}"').variables, {greeting: '{{ name }}'});
  t.deepEqual(read('address: "{{ name }}"'), {
    variables: {},
    faults: ['1:10 "address" holds an Ansible expression, which is not evaluated | Write the value itself.'],
  });
});

test('a setting that is wrong is left out, and the others are read', (t) => {
  t.deepEqual(read('port: 99999\nuser: deploy\naddress:\n'), {
    variables: {user: 'deploy'},
    faults: ['1:7 "port" must be 1 to 65535', '3:1 "address" is empty'],
  });
});

const SLIPS: readonly (readonly [string, readonly string[]])[] = [
  ['usr: deploy', ['1:1 unknown key "usr" | Did you mean "user"?']],
  ['Address: x', ['1:1 unknown key "Address" | Did you mean "address"?']],
  ['{port:22}', ['1:2 a space is missing after "port:" | Add it; otherwise YAML reads all of it as a name.']],
  ['ansible_connection: local', ['1:1 "ansible_connection" is not supported | Remove it; hosts are reached by SSH.']],
  ['usr: {deploy: 1}', []],
];

for (const [text, faults] of SLIPS) {
  test(`in ${JSON.stringify(text)} ${faults.length === 0 ? 'nothing' : 'one thing'} is wrong`, (t) =>
    t.deepEqual(read(text).faults, faults));
}

const IMPORTED: readonly (readonly [string, unknown, string, unknown])[] = [
  ['ansible_port', '2222', 'port', 2222],
  ['ansible_port', 2222, 'port', 2222],
  ['ansible_become', 'True', 'become', true],
  ['ansible_become', 'FALSE', 'become', false],
  ['ansible_become', 'Yes', 'become', true],
  ['ansible_become', true, 'become', true],
  ['ansible_become', 'maybe', 'become', 'ansible_become is left out: it must be true or false'],
  ['ansible_port', '22x', 'port', 'ansible_port is left out: it must be a whole number'],
  ['ansible_port', '100000', 'port', 'ansible_port is left out: it must be a whole number'],
  ['ansible_port', '65536', 'port', 'ansible_port is left out: it must be 1 to 65535'],
  ['ansible_host', undefined, 'address', 'ansible_host is left out: it is empty'],
  ['ansible_host', '{{ x }}', 'address', 'ansible_host is left out: Ansible expressions are not evaluated'],
  ['ansible_python_interpreter', '/x', '', 'ansible_python_interpreter is left out: infra does not use it'],
  ['ansible_password', 'x', '', 'ansible_password is left out. Log in with a key: set identityFile'],
];

for (const [key, value, setting, result] of IMPORTED) {
  test(`of an import, ${key}=${JSON.stringify(value)} becomes ${typeof result === 'string' ? 'a note' : `${setting} ${result}`}`, (t) => {
    const isNote = typeof result === 'string';
    t.deepEqual(
      importVariable(key, value, 7),
      isNote
        ? [key, {value: undefined, at: 7, setting: false, note: result}]
        : [setting, {value: result, at: 7, setting: true}],
    );
  });
}

test('a number may be a login name in an import', (t) => {
  t.deepEqual(importVariable('ansible_user', 1000, 7), ['user', {value: '1000', at: 7, setting: true}]);
});

test('what says nothing about the connection is imported as it is, also an expression', (t) => {
  t.deepEqual(importVariable('motd', '{{ x }}', 0), ['motd', {value: '{{ x }}', at: 0, setting: false}]);
});

test('an import refuses nothing and never throws', (t) => {
  const key = fc.constantFrom('ansible_port', 'ansible_become', 'ansible_host', 'ansible_user', 'identityFile', 'x');
  fc.assert(
    fc.property(key, fc.anything(), (name, value) => {
      t.notThrows(() => importVariable(name, value, 0));
    }),
  );
  const yaml = open('usr: x\nansible_ssh_pass: y\n');
  const notes = [...importVariables(yaml, entriesOf(yaml))].map(([name, {note}]) => [name, note]);
  t.deepEqual(notes, [
    ['usr', undefined],
    ['ansible_ssh_pass', 'ansible_ssh_pass is left out. Log in with a key: set identityFile'],
  ]);
  t.deepEqual(yaml.faults(), []);
});
