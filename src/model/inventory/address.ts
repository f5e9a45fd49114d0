import {BlockList, isIP, SocketAddress} from 'node:net';

/** An address (its prefix is as long as the address) or a network. */
export interface Network {
  readonly family: 4 | 6;
  /** As inet_ntop(3) writes it. */
  readonly address: string;
  readonly prefix: number;
}

/** Parses `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`; undefined for anything else, a DNS name too. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = '', prefix] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  if (family !== 4 && family !== 6) return undefined;
  const length = Number(prefix ?? BITS[family]);
  if (length > BITS[family]) return undefined;
  return {family, address: canonicalAddress(address), prefix: length};
}

/** An IP address, or one with the leading bits of its network: `192.0.2.100`, `192.0.2.100/24`, `2001:db8::100/64`. */
export function isAddress(text: string): boolean {
  const network = parseNetwork(text);
  return network !== undefined && network.prefix > 0;
}

/** The address of one server: an IP address or a host name. */
export function isServerAddress(text: string): boolean {
  return isIP(text) !== 0 || isHostName(text);
}

/**
 * A host name: labels of letters, digits and hyphens, 63 characters each and 253 in all (RFC 1123, section 2.1). What
 * has only digits and dots is meant as an IPv4 address and is not one.
 */
export function isHostName(text: string): boolean {
  return text.length <= 253 && LABELS.test(text) && !/^[\d.]+$/.test(text);
}

/** A mail address as the authorities of certificates take it. */
export function isMailAddress(text: string): boolean {
  return /^[\w.+-]+@[\w.-]+$/.test(text);
}

/** Whether a number is a port of TCP or UDP. */
export function isPort(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= MAX_PORT;
}

/** The highest port of TCP and UDP; the lowest that can be connected to is 1. */
export const MAX_PORT = 65_535;

/** The name of a host or a group of the inventory. Configuration files and file names can carry it as it is. */
export const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** A user that SSH can log in as: nothing that `ssh` would read as an option, or `scp` as a host. */
export const LOGIN_USER = /^[^\s\-:][^\s:]*$/;

/**
 * The one form in which addresses are compared: IP addresses as inet_ntop(3) writes them, with their zone; everything
 * else, such as a DNS name, in lower case.
 */
export function canonicalAddress(text: string): string {
  const family = isIP(text);
  if (family !== 4 && family !== 6) return text.toLowerCase();
  return new SocketAddress({address: text, family: typeOf(family)}).address + (/%.*$/.exec(text)?.[0] ?? '');
}

/** The address of `192.0.2.100/24`, in its canonical form. */
export function bareAddress(text: string): string {
  return canonicalAddress(text.split('/')[0] ?? '');
}

/** Whether two texts are one address, however IPv6 is written. Names are equal to themselves. */
export function isSameAddress(left: string, right: string): boolean {
  return canonicalAddress(left) === canonicalAddress(right);
}

/**
 * The address of an SSH client as it stands in rules: without the zone of a link-local one, and IPv4 as such where the
 * server listens to both families with one socket. Undefined when it is none, or of the host itself.
 */
export function parseClient(text: string): Network | undefined {
  const plain = canonicalAddress(text.replace(/%.*$/, ''));
  const client = parseNetwork(plain.replace(/^::ffff:(?=\d+\.)/, ''));
  return client && LOOPBACK.some((own) => covers(own, client)) ? undefined : client;
}

/** Whether every address of `inner` is one of `outer`. */
export function covers(outer: Network, inner: Network): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  const list = new BlockList();
  list.addSubnet(outer.address, outer.prefix, typeOf(outer.family));
  return list.check(inner.address, typeOf(inner.family));
}

/** In ascending order, each once, without those that another one covers: nftables refuses sets that overlap. */
export function disjoint(networks: readonly Network[]): readonly Network[] {
  const sorted = [...networks].sort((a, b) => a.prefix - b.prefix || compare(a, b));
  const kept: Network[] = [];
  for (const each of sorted) if (!kept.some((wider) => covers(wider, each))) kept.push(each);
  return kept.sort(compare);
}

/** As nftables reads it: a prefix only where it says something. */
export function renderNetwork({family, address, prefix}: Network): string {
  return prefix === BITS[family] ? address : `${address}/${prefix}`;
}

const LABELS = /^(?!-)[a-z\d-]{1,63}(?<!-)(\.(?!-)[a-z\d-]{1,63}(?<!-))*$/i;

const BITS = {4: 32, 6: 128} as const;

const LOOPBACK: readonly Network[] = [
  {family: 4, address: '127.0.0.0', prefix: 8},
  {family: 6, address: '::1', prefix: 128},
];

const typeOf = (family: 4 | 6) => (family === 4 ? 'ipv4' : 'ipv6');

function compare(a: Network, b: Network): number {
  return a.family - b.family || a.address.localeCompare(b.address, 'en', {numeric: true}) || a.prefix - b.prefix;
}
