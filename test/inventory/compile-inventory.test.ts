import {homedir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {compileInventory, mergeVariables} from '../../src/inventory/compile-inventory.js';
import {type Draft, groupOf, newDraft, readGroups} from '../../src/inventory/groups.js';
import type {VariableMap} from '../../src/inventory/variables.js';
import {openYaml} from '../../src/inventory/yaml.js';

function compile(text: string) {
  const yaml = openYaml({file: '/project/inventory/hosts.yml', text});
  const draft = readGroups(yaml);
  const inventory = compileInventory(yaml, draft, [yaml.source.file]);
  const faults = yaml.faults().map(({at, message}) => `${at?.line}:${at?.column} ${message}`);
  return {inventory, faults, host: (name: string) => inventory.hosts.find((each) => each.name === name)};
}

const variable = (value: unknown) => ({value, at: 0, setting: false});

/** A draft with one host, `h`, in these groups. */
function draftWith(children: Readonly<Record<string, readonly string[]>>, member: string): Draft {
  const draft = newDraft();
  for (const [name, inner] of Object.entries(children)) {
    const {children: own} = groupOf(draft, name);
    for (const each of inner) own.add(each);
    for (const each of inner) groupOf(draft, each);
  }
  for (const name of draft.groups.keys()) groupOf(draft, name).vars.set('from', variable(name));
  groupOf(draft, member).hosts.add('h');
  draft.hosts.set('h', {at: 0, vars: new Map(), files: new Map()});
  return draft;
}

const valueIn = (variables: VariableMap | undefined, name: string) => variables?.get(name)?.value;

test('the group that is farthest from all by the longest way has the last word', (t) => {
  // `near` is also a child of `far`: by its longest way it is the inner one.
  const draft = draftWith({all: ['near', 'far'], far: ['middle'], middle: ['near']}, 'near');
  const {groups, variables} = mergeVariables(draft).get('h') ?? {};
  t.deepEqual(groups, ['all', 'far', 'middle', 'near']);
  t.is(valueIn(variables, 'from'), 'near');
});

test('files win over the inventory for groups, and the host over all groups', (t) => {
  const draft = draftWith({all: ['web']}, 'web');
  const names = ['a', 'b', 'c', 'd'];
  const set = (into: VariableMap | undefined, value: string, of: readonly string[]) => {
    for (const name of of) into?.set(name, variable(value));
  };
  set(groupOf(draft, 'web').vars, 'group', names);
  set(groupOf(draft, 'all').files, 'file of all', names.slice(1));
  set(draft.hosts.get('h')?.vars, 'host', names.slice(2));
  set(draft.hosts.get('h')?.files, 'file of host', names.slice(3));
  const {variables} = mergeVariables(draft).get('h') ?? {};
  t.deepEqual(
    names.map((name) => valueIn(variables, name)),
    ['group', 'file of all', 'host', 'file of host'],
  );
});

test('groups in a circle end, and each is named once', (t) => {
  const draft = draftWith({all: ['a'], a: ['b'], b: ['a']}, 'b');
  t.deepEqual(mergeVariables(draft).get('h')?.groups, ['all', 'a', 'b']);
});

test('on any tree of groups, a host has the variables of the innermost of its groups', (t) => {
  const parents = fc.array(fc.nat(), {minLength: 1, maxLength: 12});
  fc.assert(
    fc.property(parents, (all) => {
      const names = ['all', ...all.map((_, index) => `g${index}`)];
      const parentOf = all.map((parent, index) => parent % (index + 1));
      const children = Object.fromEntries(
        names.map((name, at) => [name, parentOf.flatMap((parent, index) => (parent === at ? [`g${index}`] : []))]),
      );
      const last = names.at(-1) ?? 'all';
      const {groups, variables} = mergeVariables(draftWith(children, last)).get('h') ?? {};
      t.is(groups?.[0], 'all');
      t.is(groups?.at(-1), last);
      t.is(valueIn(variables, 'from'), last);
    }),
  );
});

test('~ is the home directory, a leading slash is kept, and anything else starts from the inventory', (t) => {
  const paths = '["~", "~/k", "~other/k", "/k", "k", "./k", "../k"]';
  const {host, faults} = compile(`web: {hosts: {web1: {identityFile: ${paths}, knownHostsFile: []}}}`);
  t.deepEqual(host('web1')?.identityFiles, [
    ...[homedir(), join(homedir(), 'k')],
    ...['/project/inventory/~other/k', '/k', '/project/inventory/k', '/project/inventory/k', '/project/k'],
  ]);
  t.deepEqual(faults, ['1:104 "knownHostsFile" is empty']);
});

const BECOMES: readonly (readonly [string, boolean])[] = [
  ['user: root', false],
  ['user: root, become: true', true],
  ['user: deploy', true],
  ['user: deploy, become: false', false],
  ['user: deploy, become: off', false],
];

for (const [settings, become] of BECOMES) {
  test(`with "${settings}" a host ${become ? 'becomes root' : 'is used as its user'}`, (t) =>
    t.is(compile(`web: {hosts: {web1: {${settings}}}}`).host('web1')?.become, become));
}

test('a host of several groups stands in each of them once, in the order of the group', (t) => {
  const {inventory} = compile('a: {hosts: {h2: , h1: }, children: {b: {hosts: {h1: , h3: }}}}');
  const names = [...inventory.groups].map(([name, hosts]) => [name, hosts.map((each) => each.name)]);
  t.deepEqual(names, [
    ['all', ['h2', 'h1', 'h3']],
    ['a', ['h2', 'h1', 'h3']],
    ['b', ['h1', 'h3']],
  ]);
  t.is(inventory.groups.get('b')?.[0], inventory.hosts[1]);
});

const SAME: readonly (readonly [string, string, boolean])[] = [
  ['address: 192.0.2.1', 'address: 192.0.2.1', true],
  ['address: 192.0.2.1', 'address: 192.0.2.1, port: 22', true],
  ['address: 192.0.2.1', 'address: 192.0.2.1, port: 2222', false],
  ['address: "2001:db8::1"', 'address: "2001:0DB8:0:0::1"', true],
  ['address: b', '', true],
  ['', '', false],
];

for (const [one, other, isSame] of SAME) {
  test(`a with "${one}" and b with "${other}" are ${isSame ? 'the same server' : 'two servers'}`, (t) => {
    const {faults} = compile(`web: {hosts: {a: {${one}}, b: {${other}}}}`);
    t.is(faults.length, isSame ? 1 : 0, faults.join());
    if (isSame) t.regex(faults[0] ?? '', /^1:\d+ hosts "a" and "b" are the same server: \S+ port 22$/);
  });
}

test('an inventory without hosts says so only where nothing else is wrong', (t) => {
  t.deepEqual(compile('web: {hosts: }').faults, ['1:1 the inventory has no hosts']);
  t.deepEqual(compile('web: {hosts: 1}').faults, ['1:14 "hosts" of group "web" must be a mapping, not the number "1"']);
});

test('the place of a variable is where it is set, that of any other one is where the host is named', (t) => {
  const {inventory} = compile('web:\n  vars: {x: 1}\n  hosts:\n    web1: {y: 2}\n');
  const place = (host: string, name?: string) => {
    const {at, excerpt} = inventory.placeOf?.(host, name) ?? {};
    return at && `${at.line}:${at.column} ${excerpt}`;
  };
  t.is(place('web1', 'x'), '2:10   vars: {x: 1}');
  t.is(place('web1', 'y'), '4:12     web1: {y: 2}');
  t.is(place('web1', 'z'), '4:5     web1: {y: 2}');
  t.is(place('web1'), '4:5     web1: {y: 2}');
  t.is(place('web2'), undefined);
  t.is(place('web2', 'x'), undefined);
});
