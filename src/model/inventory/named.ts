import {type Diagnostic, InputError} from '../diagnostic.js';
import {didYouMean} from '../nearest.js';
import {callSite} from '../playbook/call-site.js';
import type {Host} from './host.js';
import type {Inventory} from './inventory.js';

/**
 * Finds groups of an inventory for the code of a playbook. It throws `InputError` with the line that asks for a group
 * which the inventory does not have, and with the nearest name.
 */
export function groupsOf(inventory: Inventory): (name: string) => readonly Host[] {
  return (name) =>
    groupNamed(inventory, name, (known) => ({
      at: callSite(),
      hint: `The groups are ${known.join(', ')}. Where one may be missing: inventory.groups.get("${name}") ?? [].`,
    }));
}

/**
 * The hosts of a group. Throws `InputError` for one that the inventory does not have. `otherwise`: what to say where no
 * name is near, from the names of all groups, and where.
 */
export function groupNamed(
  {file, groups}: Inventory,
  name: string,
  otherwise: (known: readonly string[]) => Omit<Diagnostic, 'message'>,
): readonly Host[] {
  const hosts = groups.get(name);
  if (hosts) return hosts;
  const known = [...groups.keys()];
  const {at, hint} = otherwise(known);
  throw new InputError([{message: `${file} has no group "${name}"`, at, hint: didYouMean(name, known) ?? hint}]);
}

/** The host of a name. Throws `InputError` for one that the inventory does not have, with the nearest name. */
export function hostNamed({file, hosts}: Inventory, name: string): Host {
  const host = hosts.find((each) => each.name === name);
  if (host) return host;
  const known = hosts.map((each) => each.name);
  const hint = didYouMean(name, known) ?? `hosts: ${known.join(', ')}`;
  throw new InputError([{message: `${file} has no host "${name}"`, hint}]);
}
