import test from 'ava';
import {parseNetwork} from '../../../src/model/index.js';
import {type Allowed, type Ruleset, renderRuleset} from '../../../src/roles/firewall/ruleset.js';

const networks = (...texts: readonly string[]) => texts.flatMap((text) => parseNetwork(text) ?? []);

const SSH: Ruleset['ssh'] = {listens: 'tcp', ports: [22], from: 'any', comment: 'SSH', perMinute: 30};
const web = (rest: Partial<Allowed> = {}): Allowed => ({
  listens: 'tcp',
  ports: [80],
  from: 'any',
  comment: 'web',
  ...rest,
});

const render = (rest: Partial<Ruleset> = {}) =>
  renderRuleset({ssh: SSH, allowed: [], extra: [], ping: true, log: true, ...rest});

/** The rules of the chain, in order. */
const rulesOf = (rest: Partial<Ruleset> = {}) => {
  const [, chain = ''] = /\tchain input \{\n([\s\S]*?)\n\t\}/.exec(render(rest)) ?? [];
  return chain
    .split('\n')
    .map((line) => line.trim())
    .slice(2);
};

/** The rules that accept this, without the rest of the chain. */
const allowing = (rest: Partial<Allowed>) =>
  rulesOf({allowed: [web(rest)]}).filter((rule) => rule.endsWith(`"${rest.comment ?? 'web'}"`));

const ALLOWED: readonly [string, Partial<Allowed>, readonly string[]][] = [
  ['everyone, one port', {}, ['tcp dport 80 accept comment "web"']],
  ['everyone, several ports', {ports: [80, 443]}, ['tcp dport { 80, 443 } accept comment "web"']],
  ['UDP', {listens: 'udp', ports: [443]}, ['udp dport 443 accept comment "web"']],
  ['one address', {from: networks('192.0.2.1')}, ['ip saddr 192.0.2.1 tcp dport 80 accept comment "web"']],
  [
    'addresses of both families',
    {from: networks('192.0.2.0/24', '198.51.100.7', '2001:db8::/32')},
    [
      'ip saddr { 192.0.2.0/24, 198.51.100.7 } tcp dport 80 accept comment "web"',
      'ip6 saddr 2001:db8::/32 tcp dport 80 accept comment "web"',
    ],
  ],
  ['nobody', {from: []}, []],
  ['a protocol', {listens: {protocol: 50}, ports: []}, ['meta l4proto 50 accept comment "web"']],
  [
    'VRRP from the network alone',
    {listens: {protocol: 112}, ports: []},
    ['ip ttl 255 meta l4proto 112 accept comment "web"', 'ip6 hoplimit 255 meta l4proto 112 accept comment "web"'],
  ],
  [
    'VRRP of one balancer',
    {listens: {protocol: 112}, ports: [], from: networks('192.0.2.1')},
    ['ip saddr 192.0.2.1 ip ttl 255 meta l4proto 112 accept comment "web"'],
  ],
];

for (const [what, rest, rules] of ALLOWED)
  test(`the rules that accept: ${what}`, (t) => t.deepEqual(allowing(rest), rules));

test('what is not accepted is dropped', (t) => {
  t.true(render().includes('\t\ttype filter hook input priority filter; policy drop;\n'));
  t.true(rulesOf().every((rule) => /^# sessions$|\b(accept|drop|vmap|log)\b/.test(rule)));
});

test('the rules of the user come before all that accept new connections, and what is logged comes last', (t) => {
  const rules = rulesOf({extra: ['ip saddr 203.0.113.0/24 drop'], allowed: [web()]});
  const place = (part: string) => rules.findIndex((rule) => rule.includes(part));
  t.true(place('203.0.113.0/24 drop') < place('icmpv6 type'));
  t.true(place('203.0.113.0/24 drop') < place('tcp dport 22 add'));
  t.true(place('tcp dport 22 add') < place('tcp dport 22 accept'), 'the limit is before what it limits');
  t.is(place('log prefix'), rules.length - 1);
});

test('ping and the log can be left out', (t) => {
  t.false(rulesOf({ping: false}).some((rule) => rule.includes('echo-request')));
  t.false(rulesOf({log: false}).some((rule) => rule.includes('log prefix')));
  t.is(rulesOf().length - rulesOf({ping: false, log: false}).length, 3);
});

test('SSH is limited by address where everyone may connect, by the number of the playbook', (t) => {
  const limits = (ssh: Partial<Ruleset['ssh']>) =>
    rulesOf({ssh: {...SSH, ...ssh}}).filter((rule) => rule.includes('limit rate over'));
  const rate = 'limit rate over 5/minute burst 10 packets';
  const drop = 'drop comment "SSH: too many new connections"';
  t.deepEqual(limits({perMinute: 5}), [
    `tcp dport 22 add @ssh_clients_4 { ip saddr ${rate} } ${drop}`,
    `tcp dport 22 add @ssh_clients_6 { ip6 saddr and ffff:ffff:ffff:ffff:: ${rate} } ${drop}`,
  ]);
  t.deepEqual(limits({perMinute: 0}), []);
  t.deepEqual(limits({from: networks('192.0.2.1')}), []);
});

test('every set that a rule names is declared, and no other', (t) => {
  for (const rest of [{}, {ssh: {...SSH, perMinute: 0}}, {ssh: {...SSH, from: networks('192.0.2.1')}}]) {
    const text = render(rest);
    const named = [...text.matchAll(/@(\w+)/g)].map(([, name]) => name);
    t.deepEqual(
      [...text.matchAll(/^\tset (\w+) \{$/gm)].map(([, name]) => name),
      named,
    );
  }
});

test('addresses are counted by family, an IPv6 client by its network', (t) => {
  const sets = [...render().matchAll(/set (\w+) \{\n\t\ttype (\w+)\n/g)].map(([, name, type]) => `${name} ${type}`);
  t.deepEqual(sets, ['ssh_clients_4 ipv4_addr', 'ssh_clients_6 ipv6_addr']);
});

test('braces are closed, whatever is allowed', (t) => {
  const text = render({allowed: [web({ports: [1, 2]}), web({from: networks('192.0.2.1', '192.0.2.2')})]});
  t.is(text.match(/\{/g)?.length, text.match(/\}/g)?.length);
  t.true(text.endsWith('\n\t}\n'));
});

test('answers to VRRP are not taken for answers where VRRP is accepted', (t) => {
  const answers = (allowed: readonly Allowed[]) => rulesOf({allowed}).find((rule) => rule.includes('ct state vmap'));
  t.true(answers([web({listens: {protocol: 112}, ports: []})])?.startsWith('meta l4proto != 112 ct state'));
  t.true(answers([web({listens: {protocol: 50}, ports: []})])?.startsWith('ct state'));
});

test('a comment has at most 127 bytes and no character that ends it', (t) => {
  const comment = (text: string) =>
    /comment "(.*)"$/.exec(rulesOf({allowed: [web({comment: text})]}).at(-2) ?? '')?.[1];
  t.is(comment('say "hi" \\ ß\nnow'), "say 'hi' '  now");
  t.is(comment('x'.repeat(200)), 'x'.repeat(127));
});
