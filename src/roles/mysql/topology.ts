import {createHash} from 'node:crypto';
import {isIP} from 'node:net';
import {type Host, InputError, type Inventory, type RoleContext} from '../../model/index.js';
import {membersOf, optionalGroup} from '../shared/members.js';

/** The variable of a host with the address at which the other servers reach it, where SSH uses another one. */
const PRIVATE_ADDRESS = 'private_address';

/**
 * The address at which the servers reach each other: the host's variable `private_address`, else its address. Database
 * accounts have addresses, so a DNS name is refused with `InputError`.
 */
export function addressOf({name, address, vars, at}: Host): string {
  const own = vars[PRIVATE_ADDRESS] ?? address;
  if (typeof own === 'string' && isIP(own) !== 0) return own;
  const message = `database accounts need IP addresses, and ${name} has ${JSON.stringify(own)}`;
  throw new InputError([{message, at, hint: `Give ${name} an IP address as ${PRIVATE_ADDRESS}.`}]);
}

/** Names of the inventory's groups of database servers: of the first primary and the first replicas. */
export interface ServerGroups {
  readonly primary: string;
  readonly replicas: string;
}

/** The groups that have servers, as those who may connect. Either may be missing under its usual name. */
export function serverGroups({primary, replicas}: ServerGroups, context: Pick<RoleContext, 'inventory'>) {
  const groups: readonly (readonly [string, string])[] = [
    [primary, 'primary'],
    [replicas, 'replica'],
  ];
  return groups.filter(([name, usual]) => optionalGroup(name, usual, context).length > 0).map(([group]) => ({group}));
}

/** All database servers, each once, in the inventory's order. */
export function serversIn(groups: ServerGroups, {inventory}: Pick<RoleContext, 'inventory'>): readonly Host[] {
  const members = serverGroups(groups, {inventory}).flatMap(({group}) => inventory.groups.get(group) ?? []);
  const names = new Set(members.map(({name}) => name));
  return inventory.hosts.filter(({name}) => names.has(name));
}

/** The one host of the primary's group. Throws `InputError` when there is none, or more than one. */
export function primaryOf(name: string, role: string, context: RoleContext): Host {
  const [primary, ...others] = membersOf(name, role, context);
  if (primary !== undefined && others.length === 0) return primary;
  const names = [primary, ...others].map((host) => host?.name).join(', ');
  const message = `role ${role}: the group "${name}" has ${1 + others.length} hosts: ${names}`;
  throw new InputError([
    {message, at: others[0]?.at, hint: 'Keep one primary and put the others in the group of the replicas.'},
  ]);
}

/** Throws `InputError` for a host that is primary and replica at once. */
export function checkRoles(primary: Host, replicas: readonly Host[]): void {
  if (replicas.every(({name}) => name !== primary.name)) return;
  const message = `${primary.name} is the primary and one of its own replicas`;
  throw new InputError([{message, at: primary.at, hint: 'Take it out of one of the two groups.'}]);
}

/** The variable of a host that sets its server id. */
const SERVER_ID = 'mysql_server_id';

/**
 * A number from 1 to 2^32-1 that no other server of the inventory has: the host's variable `mysql_server_id`, else one
 * that follows from its name. It stays the same when other hosts are added, removed or moved. Throws `InputError` when
 * two are equal.
 */
export function serverId(host: Host, inventory: Inventory): number {
  const id = idOf(host);
  const twin = inventory.hosts.find((each) => each.name !== host.name && idOf(each) === id);
  if (twin === undefined) return id;
  const message = `the hosts ${host.name} and ${twin.name} would have the same server id ${id}`;
  throw new InputError([{message, at: host.at, hint: `Give one of them a different number as ${SERVER_ID}.`}]);
}

function idOf({name, vars, at}: Host): number {
  const set = vars[SERVER_ID];
  if (set === undefined) return createHash('sha256').update(name).digest().readUInt32BE() || 1;
  if (typeof set === 'number' && Number.isInteger(set) && set >= 1 && set <= 0xff_ff_ff_ff) return set;
  const message = `${SERVER_ID} of ${name} must be a whole number from 1 to 4294967295`;
  throw new InputError([{message, at}]);
}
