import {SESSIONS} from '../../tasks/firewall/firewall-rules.js';
import {type Allowed, allowRules, isVrrp, quoted} from './rules.js';

/** What a host's rules are made from. */
export interface Ruleset {
  /** SSH, for the audience that has it; new connections of everybody are limited to `perMinute` an address (0: not). */
  readonly ssh: Allowed & {readonly perMinute: number};
  readonly allowed: readonly Allowed[];
  /** Rules as the user wrote them. */
  readonly extra: readonly string[];
  readonly ping: boolean;
  readonly log: boolean;
}

/**
 * What stands within `table inet infra {}`: one chain, for what comes in. There is none for forwarding, which Docker and
 * the like rule by tables of their own, and none for what the host sends.
 */
export function renderRuleset({ssh, allowed, extra, ping, log}: Ruleset): string {
  const limited = ssh.from === 'any' && ssh.perMinute > 0;
  const rules = [
    'iif "lo" accept comment "the host itself"',
    `${allowed.some(isVrrp) ? 'meta l4proto != 112 ' : ''}${ANSWERS}`,
    SESSIONS,
    ...extra,
    ...NEIGHBOURS,
    ...DHCP,
    ...(ping ? PING : []),
    ...(limited ? FAMILIES.map((family) => limitRule(family, ssh)) : []),
    ...allowRules(ssh),
    ...allowed.flatMap(allowRules),
    ...(log ? [LOG] : []),
  ];
  const chain = ['type filter hook input priority filter; policy drop;', '', ...rules];
  return [
    ...(limited ? FAMILIES.flatMap(limitSet) : []),
    '\tchain input {',
    ...chain.map((line) => (line === '' ? '' : `\t\t${line}`)),
    '\t}',
    '',
  ].join('\n');
}

/** Not of VRRP: to conntrack what one balancer says is an answer to what the other said, whoever sends it from wherever. */
const ANSWERS =
  'ct state vmap { established : accept, related : accept, invalid : drop } comment "answers; errors such as packet too big"';

/** RFC 4890, 4.4.1: without these IPv6 stops within minutes. Conntrack does not follow them. */
const NEIGHBOURS = [
  'icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept comment "IPv6 neighbours and routers"',
  'ip6 saddr fe80::/10 icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } accept comment "IPv6 multicast, which neighbours need"',
];

/** A lease is renewed by broadcast and multicast too, of which conntrack does not know the answers. */
const DHCP = [
  'udp sport 67 udp dport 68 accept comment "the host\'s own address by DHCP"',
  'ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept comment "the host\'s own address by DHCPv6"',
];

const PING = [
  'icmp type echo-request limit rate 10/second burst 20 packets accept comment "ping"',
  'icmpv6 type echo-request limit rate 10/second burst 20 packets accept comment "ping"',
];

const LOG = 'meta pkttype host limit rate 10/minute burst 20 packets log prefix "infra-firewall refused: " level info';

/** One IPv6 client has a whole /64. */
const FAMILIES = [
  {name: 'ssh_clients_4', type: 'ipv4_addr', key: 'ip saddr'},
  {name: 'ssh_clients_6', type: 'ipv6_addr', key: 'ip6 saddr and ffff:ffff:ffff:ffff::'},
] as const;

type Family = (typeof FAMILIES)[number];

function limitSet({name, type}: Family): string[] {
  return [
    `\tset ${name} {`,
    `\t\ttype ${type}`,
    '\t\tsize 65535',
    '\t\tflags dynamic,timeout',
    '\t\ttimeout 10m',
    '\t}',
    '',
  ];
}

function limitRule({name, key}: Family, {ports, perMinute}: Ruleset['ssh']): string {
  const rate = `limit rate over ${perMinute}/minute burst ${2 * perMinute} packets`;
  return `tcp dport ${ports.join()} add @${name} { ${key} ${rate} } drop comment ${quoted('SSH: too many new connections')}`;
}
