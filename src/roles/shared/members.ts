import {isIPv6} from 'node:net';
import {didYouMean, groupsOf, type Host, InputError, type RoleContext} from '../../model/index.js';

/** The hosts of a group that a role needs. Throws `InputError` when there are none. */
export function membersOf(name: string, role: string, {inventory}: RoleContext): readonly Host[] {
  const hosts = inventory.groups.get(name) ?? [];
  if (hosts.length > 0) return hosts;
  const known = [...inventory.groups.keys()].filter((each) => inventory.groups.get(each)?.length);
  const message = `role ${role}: the group "${name}" has no hosts in ${inventory.file}`;
  const hint = didYouMean(name, known) ?? `Put hosts under "${name}", or name another group (${known.join(', ')}).`;
  throw new InputError([{message, hint, isUnknownName: inventory.groups.has(name) ? undefined : true}]);
}

/**
 * The hosts of a group that a site may lack. The group may be missing under its usual name, since the user has not
 * named it then. Throws `InputError` for another name that the inventory does not have.
 */
export function optionalGroup(
  name: string,
  usual: string,
  {inventory}: Pick<RoleContext, 'inventory'>,
): readonly Host[] {
  return name === usual ? (inventory.groups.get(name) ?? []) : groupsOf(inventory)(name);
}

/** An address as it is written before `:port`: IPv6 in brackets. */
export function bracketed(address: string): string {
  return isIPv6(address) ? `[${address}]` : address;
}
