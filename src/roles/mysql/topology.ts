import {isIP} from 'node:net';
import {type Host, InputError, type RoleContext} from '../../model/index.js';
import {membersOf} from '../shared/members.js';

/** The variable of a host that names the address by which the other servers know it, where SSH uses another. */
const VARIABLE = 'private_address';

/**
 * The address by which the servers know each other: the host's variable `private_address`, else its address. Database
 * accounts are by address, so a DNS name is refused with `InputError`.
 */
export function addressOf({name, address, vars, at}: Host): string {
  const own = vars[VARIABLE] ?? address;
  if (typeof own === 'string' && isIP(own) !== 0) return own;
  const message = `database accounts are by address, and ${name} is known as ${JSON.stringify(own)}`;
  throw new InputError([{message, at, hint: `give ${name} an IP address as ${VARIABLE}`}]);
}

/** The one host of the primary's group. Throws `InputError` when there is none, or more than one. */
export function primaryOf(name: string, role: string, context: RoleContext): Host {
  const [primary, ...others] = membersOf(name, role, context);
  if (primary !== undefined && others.length === 0) return primary;
  const names = [primary, ...others].map((host) => host?.name).join(', ');
  const message = `role ${role}: the group "${name}" has ${1 + others.length} hosts: ${names}`;
  throw new InputError([{message, at: others[0]?.at, hint: 'leave one primary; the others belong among the replicas'}]);
}

/** Throws `InputError` for a host that is to be primary and replica at once. */
export function checkRoles(primary: Host, replicas: readonly Host[]): void {
  if (replicas.every(({name}) => name !== primary.name)) return;
  const message = `${primary.name} is the primary and one of its own replicas`;
  throw new InputError([{message, at: primary.at, hint: 'take it out of one of the two groups'}]);
}
