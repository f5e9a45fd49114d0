import test from 'ava';
import fc from 'fast-check';
import {parseIni} from '../../src/inventory/ini.js';
import {InputError} from '../../src/model/index.js';

const FILE = '/project/hosts';

const read = (text: string) => parseIni({file: FILE, text});

function faultsOf(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(
      ({at, message, hint}) => `${at?.line}:${at?.column} ${message}${hint ? ` | ${hint}` : ''}`,
    );
  }
}

const hostsOf = (text: string, group = 'all') => [...(read(text).groups.get(group)?.hosts ?? [])];

const varsOf = (text: string, host: string) =>
  Object.fromEntries([...(read(text).hosts.get(host)?.vars ?? [])].map(([name, {value}]) => [name, value]));

const groupVarsOf = (text: string, group: string) =>
  Object.fromEntries([...(read(text).groups.get(group)?.vars ?? [])].map(([name, {value}]) => [name, value]));

test('an empty text has the group all and nothing else', (t) => {
  for (const text of ['', '\n\n', '# a\n; b\n', '   # c']) {
    const {groups, hosts} = read(text);
    t.deepEqual([[...groups.keys()], hosts.size], [['all'], 0], JSON.stringify(text));
  }
});

test('hosts before the first section are in no group but all', (t) => {
  const {groups} = read('a\nb\n[web]\nc\n');
  t.deepEqual([...(groups.get('all')?.hosts ?? [])], ['a', 'b']);
  t.deepEqual([...(groups.get('all')?.children ?? [])], ['web']);
  t.deepEqual([...(groups.get('web')?.hosts ?? [])], ['c']);
});

test('sections of one group add up, also when another one stands between them', (t) => {
  t.deepEqual(hostsOf('[web]\na\n[db]\nb\n[web]\nc\n', 'web'), ['a', 'c']);
});

test('a host that stands in two lines has the variables of both, and the later value', (t) => {
  const text = '[web]\na x=1 y=1\n[db]\na y=2 z=3\n';
  t.deepEqual(varsOf(text, 'a'), {x: '1', y: '2', z: '3'});
  t.is(read(text).hosts.get('a')?.at, 6);
});

test('a value keeps what stands behind its first equals sign', (t) => {
  t.deepEqual(varsOf('a x=1=2 y= z="="', 'a'), {x: '1=2', y: '', z: '='});
});

test('each name of a range has the variables, and each its own copy', (t) => {
  const draft = read('w[1:2] x=1\nw2 x=2\n');
  t.deepEqual(
    ['w1', 'w2'].map((name) => draft.hosts.get(name)?.vars.get('x')?.value),
    ['1', '2'],
  );
});

const VALUES: readonly (readonly [string, string])[] = [
  ['x=1', '1'],
  ['x = 1', '1'],
  ['  x\t=\t1  ', '1'],
  ['x=', ''],
  ['x=two words', 'two words'],
  ['x="two words"', 'two words'],
  ['x=\'a "b"\'', 'a "b"'],
  ['x="a" # comment', 'a'],
  ['x=a # comment', 'a'],
  ['x=a#b', 'a#b'],
  ['x="a # b"', 'a # b'],
  ['x=a=b', 'a=b'],
  ['x="open', '"open'],
];

for (const [line, value] of VALUES) {
  test(`a variable of a group that is written ${JSON.stringify(line)} is "${value}"`, (t) =>
    t.deepEqual(groupVarsOf(`[web:vars]\n${line}\n`, 'web'), {x: value}));
}

const HEADS: readonly (readonly [string, string | undefined])[] = [
  ['[web]', 'web'],
  ['  [web]  ', 'web'],
  ['[web] # comment', 'web'],
  ['[web];comment', 'web'],
  ['[web:vars]', 'web'],
  ['[größe-1.a]', 'größe-1.a'],
  ['[]', undefined],
  ['[web', undefined],
  ['[web] x', undefined],
  ['[web:hosts:vars]', undefined],
  ['[web:var]', undefined],
  ['[two words]', undefined],
];

for (const [line, group] of HEADS) {
  test(`${JSON.stringify(line)} is ${group === undefined ? 'not the head of a section' : 'a head'}`, (t) => {
    if (group !== undefined) return t.true(read(line).groups.has(group));
    const column = line.indexOf('[') + 1;
    const hint = 'Write [group], [group:vars] or [group:children].';
    return t.deepEqual(faultsOf(line), [`1:${column} this is not the head of a section | ${hint}`]);
  });
}

test('below a head that is wrong the section before continues, so that its lines are not faults too', (t) => {
  t.deepEqual(faultsOf('[web:vars]\nx=1\n[db:var]\ny=2\n').length, 1);
});

test('every fault has its line and column', (t) => {
  const text = 'a x\nb "y\n[web:vars]\nz\n[web:children]\nc d\n[web]\nw[2:1]\n';
  t.deepEqual(faultsOf(text), [
    '1:3 "x" is not a variable | Write name=value.',
    '2:1 a quote is not closed | Close it on the same line.',
    '4:1 "z" is not a variable | Write name=value.',
    '6:3 a child group must be on a line of its own',
    '8:1 "w[2:1]": the range ends before it starts | Write web[1:3] for web1, web2 and web3.',
  ]);
});

test('a child is a group, also when it has no section of its own', (t) => {
  const {groups} = read('[stock:children]\nweb # the shop\n');
  t.deepEqual([...(groups.get('stock')?.children ?? [])], ['web']);
  t.deepEqual([...(groups.get('all')?.children ?? [])], ['stock', 'web']);
});

test('any hosts with any values come back', (t) => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const value = fc.string({unit: 'binary'}).filter((each) => !/['\n\r]/.test(each));
  const hosts = fc.dictionary(name, fc.dictionary(name, value, {maxKeys: 3, noNullPrototype: true}), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(hosts, (all) => {
      const lines = Object.entries(all).map(([host, vars]) => {
        const words = Object.entries(vars).map(([key, each]) => `${key}='${each}'`);
        return [host, ...words].join(' ');
      });
      const text = lines.join('\n');
      // What says how a host is reached has rules of its own.
      fc.pre(!/\b(address|port|user|become)=/.test(text));
      t.deepEqual(hostsOf(text), Object.keys(all));
      for (const [host, vars] of Object.entries(all)) t.deepEqual(varsOf(text, host), vars);
    }),
  );
});
