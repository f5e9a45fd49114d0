import test from 'ava';
import {parseInventory} from '../../../src/inventory/index.js';
import {Content, InputError, listens, type Opening, type RoleContext} from '../../../src/model/index.js';
import {firewall} from '../../../src/roles/index.js';

const INVENTORY = `
all:
  vars: {user: deploy}
lb:
  hosts: {lb1: {address: 198.51.100.1, private_address: 10.0.0.10}, lb2: {address: 198.51.100.2, private_address: 10.0.0.2}}
web:
  hosts: {web1: {address: 198.51.100.3}, web6: {address: 2001:db8::6}}
named:
  hosts: {named1: {address: named1.example}}
empty:
  hosts: {}
`;

type Options = Parameters<typeof firewall>[0];

interface Case {
  readonly options?: Options;
  readonly openings?: readonly Opening[];
  readonly client?: string;
  /** The file on the host. */
  readonly present?: string;
}

/** The rules of the input chain as the first host would get them. */
function rulesOf(given: Case): string[] {
  const text = fileOf(given);
  const chain = text.slice(text.indexOf('policy drop;')).split('\n').slice(1);
  return chain.map((line) => line.trim()).filter((line) => / (accept|drop)( comment .*)?$/.test(line));
}

function fileOf({options = {}, openings = [], client = '', present}: Case): string {
  const inventory = parseInventory(INVENTORY, '/project/inventory/hosts.yml');
  const [host] = inventory.hosts;
  if (!host) throw new Error('no host');
  const facts = {...FACTS, client};
  const group = (name: string) => inventory.groups.get(name) ?? [];
  const context: RoleContext = {
    host,
    facts,
    inventory,
    group,
    factsIfReached: () => undefined,
    factsOf: () => facts,
    openings: () => openings,
  };
  const tasks = firewall(options).compile(context).flat(9);
  const rules = tasks.find((item) => 'type' in item && item.type === 'firewallRules');
  if (!rules || !('open' in rules)) throw new Error('no rules');
  const stdout = present === undefined ? '' : `content ${Buffer.from(present).toString('base64')}\n`;
  const verdict = rules.open({templateDirectories: []}).judge({code: 0, stdout, stderr: '', truncated: false});
  const content = verdict.seen?.desired?.content;
  if (!(content instanceof Content)) throw new Error('no file');
  return String(content.bytes);
}

const FACTS: RoleContext['facts'] = {
  hostname: 'lb1',
  os: 'debian',
  codename: 'trixie',
  version: '13',
  architecture: 'amd64',
  cpus: 2,
  memory: 2 ** 31,
  addresses: [],
  interfaces: [],
  client: '',
};

const opening = (role: string, spec: Parameters<typeof listens>[0]): Opening[] =>
  listens(spec).map((each) => ({...each, role}));

/** The rules that exist whatever the roles declare. */
const common = rulesOf({options: {ssh: {perMinute: 0}}}).filter((rule) => !rule.includes('"SSH"'));

const own = (given: Case) => rulesOf(given).filter((rule) => !common.includes(rule));

const NO_LIMIT = {ssh: {perMinute: 0}} as const;

test('a port of a role is open for the audience that it declares, with its name and reason', (t) => {
  const openings = [
    ...opening('haproxy', {tcp: [443, 80], from: 'any', because: 'clients'}),
    ...opening('mysql', {tcp: 3306, from: [{group: 'lb'}, {host: 'web6'}], because: 'the database'}),
    ...opening('keepalived', {protocol: 112, from: {group: 'lb'}, because: 'VRRP'}),
    ...opening('ntp', {udp: 123, from: {network: '192.0.2.0/24'}, because: 'time'}),
  ];
  t.deepEqual(own({options: NO_LIMIT, openings}), [
    'tcp dport 22 accept comment "SSH"',
    'tcp dport { 80, 443 } accept comment "haproxy: clients"',
    'ip saddr { 10.0.0.2, 10.0.0.10 } tcp dport 3306 accept comment "mysql: the database"',
    'ip6 saddr 2001:db8::6 tcp dport 3306 accept comment "mysql: the database"',
    'ip saddr { 10.0.0.2, 10.0.0.10 } ip ttl 255 meta l4proto 112 accept comment "keepalived: VRRP"',
    'ip saddr 192.0.2.0/24 udp dport 123 accept comment "ntp: time"',
  ]);
});

test('VRRP is accepted only from the local network, and never as an answer', (t) => {
  const from = (from: Parameters<typeof listens>[0]['from']) =>
    opening('keepalived', {protocol: 112, from, because: 'x'});
  const vrrp = (openings: readonly Opening[]) => rulesOf({openings}).filter((rule) => rule.includes('112'));
  t.deepEqual(vrrp(from([{host: 'lb1'}, {host: 'web6'}])), [
    'ip saddr 10.0.0.10 ip ttl 255 meta l4proto 112 accept comment "keepalived: x"',
    'ip6 saddr 2001:db8::6 ip6 hoplimit 255 meta l4proto 112 accept comment "keepalived: x"',
  ]);
  t.deepEqual(vrrp(from('any')), [
    'ip ttl 255 meta l4proto 112 accept comment "keepalived: x"',
    'ip6 hoplimit 255 meta l4proto 112 accept comment "keepalived: x"',
  ]);
  t.regex(fileOf({openings: from('any')}), /\n\t\tmeta l4proto != 112 ct state vmap \{ established : accept, /);
  t.notRegex(fileOf({}), /112/);
});

test('networks that overlap become the widest, as nftables refuses them otherwise', (t) => {
  const from = ['10.1.2.3', '10.0.0.0/8', '10.0.0.0/8', '9.9.9.9', '2001:db8:0:0::/32', '2001:db8::1'];
  const allow = [{tcp: 80, from: from.map((network) => ({network})), because: 'x'}];
  t.deepEqual(own({options: {...NO_LIMIT, allow}}).slice(1), [
    'ip saddr { 9.9.9.9, 10.0.0.0/8 } tcp dport 80 accept comment "x"',
    'ip6 saddr 2001:db8::/32 tcp dport 80 accept comment "x"',
  ]);
});

test('a group without hosts opens nothing', (t) => {
  const openings = opening('mysql', {tcp: 3306, from: {group: 'empty'}, because: 'the database'});
  t.deepEqual(own({options: NO_LIMIT, openings}), ['tcp dport 22 accept comment "SSH"']);
});

test('SSH is open to everyone, and limited, when no role declares it', (t) => {
  const rules = own({});
  t.is(rules.length, 3);
  t.regex(
    rules[0] ?? '',
    /^tcp dport 22 add @ssh_clients_4 \{ ip saddr limit rate over 30\/minute burst 60 packets \} drop/,
  );
  t.regex(rules[1] ?? '', /ip6 saddr and ffff:ffff:ffff:ffff:: limit/);
  t.is(rules[2], 'tcp dport 22 accept comment "SSH"');
});

test('SSH can be limited to the address from which infra runs', (t) => {
  t.deepEqual(own({options: {ssh: {from: []}}, client: '192.0.2.250'}), [
    'ip saddr 192.0.2.250 tcp dport 22 accept comment "SSH: infra was run from here"',
  ]);
});

test('the audience of SSH comes from the options, else from the role sshd', (t) => {
  const openings = opening('sshd', {tcp: 22, from: {network: '192.0.2.0/24'}, because: 'administrators'});
  t.deepEqual(own({openings}), ['ip saddr 192.0.2.0/24 tcp dport 22 accept comment "sshd: administrators"']);
  const options = {ssh: {from: {network: '203.0.113.1'}}} as const;
  t.deepEqual(own({options, openings}), ['ip saddr 203.0.113.1 tcp dport 22 accept comment "sshd: administrators"']);
});

test('the address of the running session is accepted first where no other rule accepts it', (t) => {
  const options = {ssh: {from: {network: '192.0.2.0/24'}}, extra: ['tcp dport 22 drop']};
  const session = 'ip saddr 203.0.113.9 tcp dport 22 accept comment "SSH: infra was run from here"';
  t.deepEqual(own({options, client: '203.0.113.9'}).slice(0, 2), [session, 'tcp dport 22 drop']);
  t.is(own({options, client: '::ffff:203.0.113.9'})[0], session);
  t.is(own({options, client: '192.0.2.7'})[0], 'tcp dport 22 drop');
  t.is(own({options, client: '127.0.0.1'})[0], 'tcp dport 22 drop');
  t.is(own({options: NO_LIMIT, client: '203.0.113.9'})[0], 'tcp dport 22 accept comment "SSH"');
});

test('two people who run infra from two places do not change the rules back and forth', (t) => {
  const options = {ssh: {from: {network: '192.0.2.0/24'}}} as const;
  const first = fileOf({options, client: '203.0.113.9'});
  const second = fileOf({options, client: '2001:db8::9', present: first});
  t.regex(second, /ip saddr 203\.0\.113\.9 tcp dport 22 accept[^\n]*\n\t\tip6 saddr 2001:db8::9 tcp dport 22 accept/);
  t.is(fileOf({options, client: '203.0.113.9', present: second}), second);
  t.is(fileOf({options, client: '192.0.2.1', present: second}), second);
});

test('an address that is declared later no longer needs a rule of its own', (t) => {
  const first = fileOf({options: {ssh: {from: {network: '192.0.2.0/24'}}}, client: '203.0.113.9'});
  const options = {ssh: {from: [{network: '192.0.2.0/24'}, {network: '203.0.113.0/24'}]}} as const;
  t.notRegex(fileOf({options, client: '192.0.2.1', present: first}), /infra was run/);
});

test('the file replaces one table at once and names no other', (t) => {
  const text = fileOf({});
  t.regex(text, /^table inet infra\ndelete table inet infra\ntable inet infra \{\n/m);
  t.deepEqual(
    [...text.matchAll(/hook (\w+)/g)].map(([, hook]) => hook),
    ['input'],
  );
  t.notRegex(text, /flush/);
});

test('a comment has only characters that nftables can read', (t) => {
  const allow = [{tcp: 80, from: 'any' as const, because: `a "b"\\ – ${'x'.repeat(200)}`}];
  t.regex(own({options: {...NO_LIMIT, allow}})[1] ?? '', /accept comment "a 'b'' {3}x{118}"$/);
});

for (const [title, options, message] of [
  ['an unknown group', {allow: [{tcp: 80, from: {group: 'wbe'}, because: 'x'}]}, /no group "wbe"/],
  ['an unknown host', {allow: [{tcp: 80, from: {host: 'web2'}, because: 'x'}]}, /no host "web2"/],
  [
    'a host that has only a name',
    {allow: [{tcp: 80, from: {group: 'named'}, because: 'x'}]},
    /"named1.example" is a name/,
  ],
] satisfies [string, Options, RegExp][]) {
  test(`${title} is refused, with the next step`, (t) => {
    const error = t.throws(() => fileOf({options}), {instanceOf: InputError});
    t.regex(error.message, message);
    t.truthy(error.diagnostics[0]?.hint);
  });
}

for (const [title, options, message] of [
  ['a network that is none', {allow: [{tcp: 80, from: {network: '10.0.0.0/33'}, because: 'x'}]}, /192\.0\.2\.0\/24/],
  ['an opening without a port', {allow: [{from: 'any', because: 'x'}]}, /needs tcp, udp or protocol/],
  ['a rule that ends the table', {extra: ['} } table inet other {']}, /one rule/],
  ['a rule of several lines', {extra: ['accept\ndrop']}, /one rule/],
] satisfies [string, Options, RegExp][]) {
  test(`${title} is refused at once`, (t) => {
    t.regex(t.throws(() => firewall(options), {instanceOf: InputError}).message, message);
  });
}
