import test from 'ava';
import {type Draft, groupOf, newDraft, readGroups} from '../../src/inventory/groups.js';
import {openYaml} from '../../src/inventory/yaml.js';

function read(text: string, lenient?: boolean) {
  const yaml = openYaml({file: '/project/hosts.yml', text});
  const draft = readGroups(yaml, lenient);
  const faults = yaml
    .faults()
    .map(({at, message, hint}) => `${at?.line}:${at?.column} ${message}${hint ? ` | ${hint}` : ''}`);
  return {draft, faults};
}

/** `web: hosts w1 w2, children a b, vars x=1`. */
function outline({groups}: Draft): string[] {
  return [...groups].map(([name, {hosts, children, vars}]) => {
    const values = [...vars].map(([key, {value}]) => `${key}=${value}`);
    return `${name}: ${[[...hosts].join(' '), [...children].join(' '), values.join(' ')].join(' | ')}`;
  });
}

const varsOf = ({hosts}: Draft, name: string) =>
  Object.fromEntries([...(hosts.get(name)?.vars ?? [])].map(([key, {value}]) => [key, value]));

test('a new draft has the group all, and a group is made once', (t) => {
  const draft = newDraft();
  t.deepEqual(outline(draft), ['all:  |  | ']);
  const web = groupOf(draft, 'web');
  web.hosts.add('web1');
  t.is(groupOf(draft, 'web'), web);
  t.deepEqual(outline(draft), ['all:  |  | ', 'web: web1 |  | ']);
});

test('every group at the top is a child of all, and a group in a group is not', (t) => {
  const {draft, faults} = read('web:\n  children: {edge: {hosts: {w1: }}}\n  vars: {x: 1}\ndb: {hosts: {d1: }}\n');
  t.deepEqual(outline(draft), ['all:  | web db | ', 'web:  | edge | x=1', 'edge: w1 |  | ', 'db: d1 |  | ']);
  t.deepEqual(faults, []);
});

test('a group that is written twice has the hosts, groups and variables of both; the later variable wins', (t) => {
  const text = 'a: {children: {web: {hosts: {w1: }, vars: {x: 1, y: 1}}}}\nweb: {hosts: {w2: }, vars: {x: 2}}\n';
  const {draft, faults} = read(text);
  t.deepEqual(outline(draft), ['all:  | a web | ', 'a:  | web | ', 'web: w1 w2 |  | x=2 y=1']);
  t.deepEqual(faults, []);
});

test('all may be written, and is not a child of itself', (t) => {
  const {draft, faults} = read('all: {hosts: {h1: }, children: {web: }}\n');
  t.deepEqual(outline(draft), ['all: h1 | web | ', 'web:  |  | ']);
  t.deepEqual(faults, []);
  t.deepEqual(read('a: {children: {all: }}').faults, ['1:16 group "all" is inside itself | Remove it under "a".']);
});

test('a circle over several groups is refused where it closes', (t) => {
  const {faults} = read('a: {children: {b: {children: {c: {children: {a: }}}}}}');
  t.deepEqual(faults, ['1:46 group "a" is inside itself | Remove it under "c".']);
});

test('each host of a range has variables of its own', (t) => {
  const {draft} = read('web: {hosts: {"w[1:2]": {x: 1}, w2: {x: 2, y: 3}}}');
  t.deepEqual(varsOf(draft, 'w1'), {x: 1});
  t.deepEqual(varsOf(draft, 'w2'), {x: 2, y: 3});
});

test('a host that is named again keeps the place where it was named first', (t) => {
  const {draft} = read('a: {hosts: {w: }}\nb: {hosts: {w: {x: 1}}}\n');
  t.is(draft.hosts.get('w')?.at, 12);
});

test('the same setting twice is not a contradiction, also where one is written as text', (t) => {
  t.deepEqual(read('a: {hosts: {w: {user: x}}}\nb: {hosts: {w: {user: x}}}').faults, []);
  t.deepEqual(read('a: {hosts: {w: {color: x}}}\nb: {hosts: {w: {color: y}}}').faults, []);
  t.deepEqual(read('a: {hosts: {w: {user: x}}}\nb: {hosts: {w: {user: y}}}').faults, [
    '2:17 host "w" has a different "user" in line 1 | Set it in one place.',
  ]);
});

const NAMES: readonly (readonly [string, readonly string[]])[] = [
  ['web-1_a.b', []],
  ['w"', ['"w"" is not a host name | Use letters, digits, "-", "_" and ".".']],
  ['größe', ['"größe" is not a host name | Use letters, digits, "-", "_" and ".".']],
  ['w 1', ['"w 1" is not a host name | Use letters, digits, "-", "_" and ".".']],
  ['w:22', ['"w:22" is not a host name | Write the port as a key of its own: "port: 2222".']],
  ['w[1:2]:22', ['"w1:22" is not', '"w2:22" is not']],
  ['w[1:2', ['"w[1:2": the range has no closing "]" | Write web[1:3] for web1, web2 and web3.']],
];

for (const [name, faults] of NAMES) {
  test(`the host name ${name} is ${faults.length === 0 ? 'taken' : 'refused'}`, (t) => {
    const found = read(`web: {hosts: {${JSON.stringify(name)}: }}`).faults.map((each) => each.replace(/^\S+ /, ''));
    t.is(found.length, faults.length);
    for (const [index, fault] of faults.entries()) t.true(found[index]?.startsWith(fault), found[index]);
  });
}

test('of a name that is refused the other names of its group stay', (t) => {
  const {draft, faults} = read('web: {hosts: {a!: , b: }}');
  t.is(faults.length, 1);
  t.deepEqual([...draft.hosts.keys()], ['b']);
  t.deepEqual([...groupOf(draft, 'web').hosts], ['b']);
});

test('a setting next to hosts belongs under vars, and a slip has its nearest name', (t) => {
  const hints = read('web: {port: 22, ansible_user: x, host: , var: , chldren: }').faults;
  t.deepEqual(
    hints.map((each) => each.replace(/^.* \| /, '')),
    [
      ...['Put it under "vars:".', 'Put it under "vars:".'],
      ...['Did you mean "hosts"?', 'Did you mean "vars"?', 'Did you mean "children"?'],
    ],
  );
});

test('an import takes names and contradictions as Ansible does: the later one wins', (t) => {
  const {draft, faults} = read(
    'größe: {hosts: {"w:1": {ansible_user: a}}}\nb: {hosts: {"w:1": {ansible_user: b}}}',
    true,
  );
  t.deepEqual(faults, []);
  t.deepEqual(varsOf(draft, 'w:1'), {user: 'b'});
  t.true(draft.groups.has('größe'));
});
