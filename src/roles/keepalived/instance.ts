import {isIP} from 'node:net';
import {
  bareAddress,
  canonicalAddress,
  type Facts,
  type Host,
  InputError,
  isSameAddress,
  privateAddressOf,
  type RoleContext,
} from '../../model/index.js';
import {membersOf} from '../shared/members.js';

/** One balancer's settings for the virtual addresses. */
export interface Instance {
  /** The network interface that carries `source`. */
  readonly device: string;
  readonly source: string;
  /** The other balancers' addresses; empty for a single one. */
  readonly peers: readonly string[];
  /** The balancer with the highest one takes over first; no two have the same. */
  readonly priority: number;
  /** Virtual addresses of the IP family of `source`. */
  readonly addresses: readonly string[];
  /** Those of the other family: they move along, and VRRP does not carry them. */
  readonly excluded: readonly string[];
  readonly virtualRouterId: number;
}

/** The options of the role. */
export interface InstanceOptions {
  readonly address: readonly string[];
  readonly group: string;
  readonly virtualRouterId?: number | undefined;
}

/**
 * A host's settings. Throws `InputError` when the host is not in the group, when it does not have the address at which
 * the others reach it, when no virtual address is of that address's family, or when one belongs to a server.
 */
export function instanceOf({address, group, virtualRouterId}: InstanceOptions, context: RoleContext): Instance {
  const {host, facts} = context;
  const members = membersOf(group, 'keepalived', context);
  const index = members.findIndex(({name}) => name === host.name);
  if (index < 0) throw fault(host, `${host.name} is not in the group "${group}"`, `Put it under "${group}".`);
  const source = reachableAt(host);
  refuseServers(address, context);
  const isOwn = (each: string) => isIP(bareAddress(each)) === isIP(source);
  const addresses = address.filter(isOwn);
  const hint = 'Give one of the IP family in which the balancers reach each other; the others move along with it.';
  if (addresses.length === 0) throw fault(host, `no virtual address is of the IP family of ${source}`, hint);
  return {
    device: deviceOf(source, host, facts),
    source,
    peers: members.filter((_, at) => at !== index).map(reachableAt),
    priority: priorityOf(index),
    addresses,
    excluded: address.filter((each) => !isOwn(each)),
    virtualRouterId: virtualRouterId ?? defaultRouterId(address),
  };
}

/** keepalived removes an address from the balancers that do not hold it: this would cut a server off from its own. */
function refuseServers(virtual: readonly string[], {inventory}: RoleContext): void {
  const taken = new Set(virtual.map(bareAddress));
  const server = inventory.hosts.find((host) =>
    [host.address, privateAddressOf(host)].some((each) => taken.has(canonicalAddress(each))),
  );
  if (server === undefined) return;
  const hint = 'Give an address of the same network that no server has.';
  throw fault(server, `a virtual address is ${server.name}'s own`, hint);
}

/**
 * A backup waits (256 - priority) / 256 of an advert's interval longer than three of them (RFC 9568): with priorities
 * ten apart, the first has taken over before the second would. 1 is the lowest one, for the 25th balancer and later
 * ones.
 */
function priorityOf(index: number): number {
  return Math.max(1, 250 - 10 * index);
}

function deviceOf(source: string, host: Host, {interfaces}: Facts): string {
  const own = interfaces.find(({address}) => isSameAddress(address, source));
  if (own !== undefined) return own.name;
  const found = interfaces.map(({address}) => address).join(', ') || 'unknown, since it lacks the program "ip"';
  const hint = `Give ${host.name} one of them as private_address.`;
  throw fault(host, `the balancers reach ${host.name} at ${source}, but its addresses are ${found}`, hint);
}

function reachableAt(host: Host): string {
  const address = privateAddressOf(host);
  if (isIP(address) !== 0) return address;
  throw fault(host, `${address} is not an IP address`, `Give ${host.name} an IP address as private_address.`);
}

function defaultRouterId(addresses: readonly string[]): number {
  const first = addresses.map(bareAddress).find((each) => isIP(each) === 4);
  return Number(first?.split('.').at(-1) ?? 0) || 51;
}

function fault(host: Host, message: string, hint: string): InputError {
  return new InputError([{message: `role keepalived: ${message}`, at: host.at, hint}]);
}
