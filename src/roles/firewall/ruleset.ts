import {type Listening, renderNetwork} from '../../model/index.js';
import {SESSIONS} from '../../tasks/firewall/firewall-rules.js';
import type {Sources} from '../shared/sources.js';

/** Connections that the firewall accepts. */
export interface Allowed {
  readonly listens: Listening['listens'];
  readonly ports: readonly number[];
  readonly from: Sources;
  readonly comment: string;
}

/** What a host's rules are made from. */
export interface Ruleset {
  /** SSH; where everyone may connect, new connections are limited to `perMinute` an address (0: no limit). */
  readonly ssh: Allowed & {readonly perMinute: number};
  readonly allowed: readonly Allowed[];
  /** Rules as the user wrote them. */
  readonly extra: readonly string[];
  readonly ping: boolean;
  readonly log: boolean;
}

/**
 * The text within `table inet infra {}`: one chain, for incoming packets. There is none for forwarding, which Docker
 * and the like control by tables of their own, and none for packets that the host sends.
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

/** Not for VRRP: conntrack takes the advert of one balancer for an answer to another's, also when it is forged. */
const ANSWERS =
  'ct state vmap { established : accept, related : accept, invalid : drop } comment "answers; errors such as packet too big"';

/** RFC 4890, 4.4.1: without these IPv6 stops within minutes. Conntrack does not follow them. */
const NEIGHBOURS = [
  'icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept comment "IPv6 neighbours and routers"',
  'ip6 saddr fe80::/10 icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } accept comment "IPv6 multicast, which neighbours need"',
];

/** A lease is renewed by broadcast and multicast too, and conntrack does not recognize the answers to these. */
const DHCP = [
  'udp sport 67 udp dport 68 accept comment "the host\'s own address by DHCP"',
  'ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept comment "the host\'s own address by DHCPv6"',
];

const PING = [
  'icmp type echo-request limit rate 10/second burst 20 packets accept comment "ping"',
  'icmpv6 type echo-request limit rate 10/second burst 20 packets accept comment "ping"',
];

const LOG = 'meta pkttype host limit rate 10/minute burst 20 packets log prefix "infra-firewall refused: " level info';

/** The families of addresses: their words in rules, and the set of SSH clients. One IPv6 client has a whole /64. */
const FAMILIES = [
  {word: 'ip', version: 4, near: 'ip ttl 255', set: 'ssh_clients_4', type: 'ipv4_addr', client: 'ip saddr'},
  {
    ...{word: 'ip6', version: 6, near: 'ip6 hoplimit 255', set: 'ssh_clients_6', type: 'ipv6_addr'},
    client: 'ip6 saddr and ffff:ffff:ffff:ffff::',
  },
] as const;

type Family = (typeof FAMILIES)[number];

function limitSet({set, type}: Family): string[] {
  return [
    `\tset ${set} {`,
    `\t\ttype ${type}`,
    '\t\tsize 65535',
    '\t\tflags dynamic,timeout',
    '\t\ttimeout 10m',
    '\t}',
    '',
  ];
}

function limitRule({set, client}: Family, {ports, perMinute}: Ruleset['ssh']): string {
  const rate = `limit rate over ${perMinute}/minute burst ${2 * perMinute} packets`;
  return `tcp dport ${ports.join()} add @${set} { ${client} ${rate} } drop comment ${quoted('SSH: too many new connections')}`;
}

/** The IP protocol's number (IANA). */
const VRRP = 112;

/**
 * Whether it is VRRP, whose packets on this network have a hop limit of 255: a router on the way lowers it (RFC 9568).
 */
const isVrrp = ({listens}: Pick<Allowed, 'listens'>): boolean =>
  typeof listens === 'object' && listens.protocol === VRRP;

/** The rules that accept it: one, or one for each family of addresses; none where no address is allowed. */
function allowRules({from, comment, ...target}: Allowed): readonly string[] {
  const accept = `${matchTarget(target)} accept comment ${quoted(comment)}`;
  if (from === 'any' && !isVrrp(target)) return [accept];
  return FAMILIES.flatMap((family) => {
    const sources = matchSources(family, from);
    return sources === undefined ? [] : [[...sources, ...(isVrrp(target) ? [family.near] : []), accept].join(' ')];
  });
}

/** `tcp dport { 80, 443 }`. Protocols are numbers: a small system lacks the list of their names. */
function matchTarget({listens, ports}: Pick<Allowed, 'listens' | 'ports'>): string {
  return typeof listens === 'object' ? `meta l4proto ${listens.protocol}` : `${listens} dport ${oneOf(ports)}`;
}

/** A comment as nftables takes it: without escapes, and at most 127 bytes (NFTNL_UDATA_COMMENT_MAXLEN). */
function quoted(comment: string): string {
  const plain = comment.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]+/g, ' ');
  return `"${plain.slice(0, 127)}"`;
}

/** Undefined when none of these addresses is of the family. */
function matchSources({word, version}: Family, from: Sources): readonly string[] | undefined {
  if (from === 'any') return [];
  const own = from.filter(({family}) => family === version).map(renderNetwork);
  return own.length === 0 ? undefined : [`${word} saddr ${oneOf(own)}`];
}

const oneOf = (values: readonly (string | number)[]) =>
  values.length === 1 ? String(values[0]) : `{ ${values.join(', ')} }`;
