import {SpecError} from '../diagnostic.js';
import {groupNamed, type Host, hostNamed, type Inventory} from '../inventory/inventory.js';
import {callSite, type Position} from '../position.js';
import {withCallee} from './callee.js';
import {type Check, type Checks, custom, isObject, number, oneOrMany, optional, text} from './checks.js';
import {checkOptions, issuesOf, optionsOf} from './options.js';

/** Who may connect: everybody, a group or a host of the inventory, or a network such as `10.0.0.0/8` or an address. */
export type Audience = 'any' | {readonly group: string} | {readonly host: string} | {readonly network: string};

export interface ListeningSpec {
  /** TCP ports. */
  readonly tcp?: number | readonly number[];
  /** UDP ports. */
  readonly udp?: number | readonly number[];
  /** Number of an IP protocol without ports, such as 112 for VRRP. */
  readonly protocol?: number;
  /** Who may connect. */
  readonly from: Audience | readonly Audience[];
  /** What for, in a few words: it becomes a comment in the firewall's rules. */
  readonly because: string;
}

/**
 * What a role listens to, and which clients may connect. It is listed among the role's tasks and changes nothing
 * itself.
 */
export interface Listening {
  /** Over what. */
  readonly listens: 'tcp' | 'udp' | {readonly protocol: number};
  /** In ascending order; empty for a protocol without ports. */
  readonly ports: readonly number[];
  /** Who may connect. */
  readonly from: readonly Audience[];
  /** What for. */
  readonly because: string;
  /** The line of the playbook that declares it. It is not enumerable, as it makes no difference between two of them. */
  readonly at?: Position | undefined;
}

/**
 * The hosts of an inventory that an audience names. Throws `InputError` for a group or a host that the inventory does
 * not have, with the nearest name.
 */
export function audienceHosts(audience: Audience, inventory: Inventory): readonly Host[] {
  if (audience === 'any' || 'network' in audience) return [];
  if ('host' in audience) return [hostNamed(inventory, audience.host)];
  return groupNamed(inventory, audience.group, (known) => ({
    hint: `Name another group (${known.join(', ')}), or add an empty one, so that no client is let in.`,
  }));
}

/** A {@link Listening} of a host, and the role that declares it; empty outside any role. */
export interface Opening extends Listening {
  /** Its name. */
  readonly role: string;
}

/**
 * Declares what a role listens to: `listens({tcp: [80, 443], from: 'any', because: 'clients'})`. From these the
 * firewall derives its rules. Throws `SpecError` for a port or protocol that does not exist, and for nothing to listen
 * to.
 *
 * @example
 * listens({tcp: [80, 443], from: 'any', because: 'clients'})
 */
export function listens(options: ListeningSpec): readonly Listening[] {
  checkOptions(LISTENING, options, {what: 'listens'});
  const {tcp, udp, protocol, from, because} = options;
  const common = {from: audiences(from), because};
  const found: Listening[] = [
    ...(tcp === undefined ? [] : [{listens: 'tcp' as const, ports: portsOf(tcp), ...common}]),
    ...(udp === undefined ? [] : [{listens: 'udp' as const, ports: portsOf(udp), ...common}]),
    ...(protocol === undefined ? [] : [{listens: {protocol: inRange(protocol, 255)}, ports: [], ...common}]),
  ];
  if (found.length === 0) throw new SpecError('listens: give tcp, udp or protocol', 'Write tcp: 80.');
  const at = callSite();
  return found.map((each) => Object.defineProperty(each, 'at', {value: at}));
}

// Array.isArray does not narrow readonly arrays away.
const audiences = (from: ListeningSpec['from']) => [from].flat() as readonly Audience[];

function portsOf(ports: number | readonly number[]): readonly number[] {
  return [...new Set([ports].flat())].map((port) => inRange(port, 65_535)).sort((a, b) => a - b);
}

function inRange(value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new SpecError(`listens: ${value} is not a whole number from 1 to ${most}`, 'Write a number in this range.');
}

const audience: Check<Audience> = custom(
  "'any', {group: 'web'}, {host: 'web1'} or {network: '10.0.0.0/8'}",
  undefined,
  (value) => value === 'any' || (isObject(value) && ['group', 'host', 'network'].some((name) => isOnly(value, name))),
);

const isOnly = (value: object, name: string) =>
  Object.entries(value).every(([key, each]) => key === name && typeof each === 'string') && name in value;

const anyNumber = number('a number', () => true);

const LISTENING: Checks<ListeningSpec> = {
  tcp: optional(oneOrMany(anyNumber)),
  udp: optional(oneOrMany(anyNumber)),
  protocol: optional(anyNumber),
  from: oneOrMany(audience),
  because: text,
};

withCallee(listens, () => ({
  what: 'listens',
  names: Object.keys(LISTENING),
  // Each option is checked, whatever is written.
  issues: (written) => issuesOf(optionsOf(LISTENING), written as ListeningSpec),
}));
