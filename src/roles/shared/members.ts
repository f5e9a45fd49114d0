import {isIPv6} from 'node:net';
import {didYouMean, type Host, InputError, type RoleContext} from '../../model/index.js';

/** The hosts of a group that a role cannot do without. Throws `InputError` when there are none. */
export function membersOf(name: string, role: string, {group, inventory}: RoleContext): readonly Host[] {
  const hosts = group(name);
  if (hosts.length > 0) return hosts;
  const known = [...inventory.groups.keys()].filter((each) => group(each).length > 0);
  const message = `role ${role}: the group "${name}" has no hosts in ${inventory.file}`;
  const hint = didYouMean(name, known) ?? `put hosts under "${name}", or name another group (${known.join(', ')})`;
  throw new InputError([{message, hint}]);
}

/** An address as it stands before `:port`: IPv6 in brackets. */
export function bracketed(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}

/**
 * Where the other servers reach a host: its variable `private_address`, for hosts whose address in the inventory is only
 * for SSH, else its address. An IP address or a DNS name.
 */
export function addressFor({vars, address}: Host): string {
  return typeof vars.private_address === 'string' ? vars.private_address : address;
}
