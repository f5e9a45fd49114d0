import {readFileSync} from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import {parse, stringify} from 'yaml';
import {z} from 'zod';
import {inventorySchema, parseInventory} from '../../src/inventory/index.js';
import {ALIASES, REFUSED} from '../../src/inventory/settings.js';

const schema = inventorySchema();
// Anything that is not a schema makes this throw.
const validator = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
const accepts = (text: string) => validator.safeParse(parse(text, {merge: true})).success;

const loads = (text: string) => {
  try {
    return parseInventory(text, '/project/inventory/hosts.yml').hosts.length > 0;
  } catch {
    return false;
  }
};

for (const file of ['inventory/lab.yml', 'inventory/three.yml']) {
  test(`${file} is as the schema says`, (t) => t.true(accepts(readFileSync(file, 'utf8'))));
}

const SOUND = [
  'all: {hosts: {web1: {address: 192.0.2.1, port: 2222, user: deploy, become: yes}}}',
  'all: {vars: {identityFile: ~/.ssh/id, knownHostsFiles: [a, b]}, hosts: {web1: }}',
  'all: {children: {db: {children: {primary: {hosts: {db1: {address: "2001:db8::1"}}}, replica: }}}}',
  'web: {hosts: {"web[1:3]": , "r[a:c:2]-[01:10].example.com": {anything: {x: [1, null]}, virtualAddress: [x]}}}',
  'web: {vars: {ansible_user: root, ansible_python_interpreter: auto}, hosts: {web1: {ansible_host: 192.0.2.1}}}',
  'web: &w {hosts: {web1: {become: false, private_address: 10.0.0.1}}}\nb: {children: {c: *w}}',
];

for (const text of SOUND) {
  test(`${text} is sound for the schema and for the loader`, (t) => {
    t.true(accepts(text));
    t.true(loads(text));
  });
}

const MISTAKEN = [
  '[]',
  '- web1',
  'hosts: {web1: }',
  'web: [web1]',
  'web: {hosts: [web1]}',
  'web: {hosts: {w: 192.0.2.1}}',
  'web: {host: {web1: }}',
  'web: {hosts: {web1: }, user: x}',
  'web: {hosts: {"web1:22": }}',
  'web: {hosts: {"web[1]": }}',
  'web: {hosts: {-x: }}',
  'web: {hosts: {w: {address: "http://x"}}}',
  'web: {hosts: {w: {address: }}}',
  'web: {hosts: {w: {port: "22"}}}',
  'web: {hosts: {w: {port: 70000}}}',
  'web: {hosts: {w: {become: maybe}}}',
  'web: {hosts: {w: {identityFile: []}}}',
  'web: {hosts: {w: {ansible_user: "{{ x }}"}}}',
  'web: {vars: {ansible_password: x}, hosts: {w: }}',
  'a: {children: {b: {children: {c: {hosts: {d: {ansible_port: no}}}}}}}',
];

for (const text of MISTAKEN) {
  test(`${text} is refused by the schema and by the loader`, (t) => {
    t.false(accepts(text));
    t.false(loads(text));
  });
}

const VALUES = [null, 22, 70_000, true, 'yes', 'x', 'a b', '192.0.2.1', '::1', '', ['a'], [], [1], {}];
const NAMES = ['w', 'web[1:3]', 'r[:2]-[a:c]', 'b.x', 'x:22', 'q[2:1'];
const vars = fc.dictionary(fc.constantFrom(...ALIASES.keys(), 'x', 'sizes'), fc.constantFrom(...VALUES), {maxKeys: 1});
const hosts = fc.dictionary(fc.constantFrom(...NAMES), fc.option(vars), {minKeys: 1, maxKeys: 2});
const group = fc.option(fc.record({hosts, vars}, {requiredKeys: []}));
const parent = fc.record({children: fc.dictionary(fc.constantFrom('g', 'g-2', 'h x'), group, {maxKeys: 2})});
const inventories = fc.dictionary(fc.constantFrom('all', 'web', 'db'), fc.oneof(group, parent), {maxKeys: 2});

test('what the loader accepts, the schema accepts', (t) => {
  let sound = 0;
  const agree = fc.property(inventories, (value) => {
    const text = stringify(value);
    if (!loads(text)) return true;
    sound += 1;
    return accepts(text);
  });
  fc.assert(agree, {numRuns: 3000});
  t.true(sound > 100, `${sound} of them`);
});

test('every setting is described, and every refused variable says what to do', (t) => {
  // A probing look into the schema that was just made.
  const {properties} = (schema as {definitions: {variables: {properties: Record<string, Record<string, string>>}}})
    .definitions.variables;
  for (const name of ALIASES.keys()) t.regex(properties[name]?.description ?? '', /Default:/, name);
  for (const name of REFUSED.keys()) t.regex(properties[name]?.errorMessage ?? '', /is not supported\. ./, name);
});

test('the schema is plain JSON', (t) => t.deepEqual(JSON.parse(JSON.stringify(schema)), schema));
