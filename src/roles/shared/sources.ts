import {
  type Audience,
  audienceHosts,
  disjoint,
  type Host,
  InputError,
  type Network,
  parseNetwork,
  type RoleContext,
} from '../../model/index.js';

import {addressFor} from './members.js';

/** Who is let in: everybody, or these addresses and networks, disjoint and in order. */
export type Sources = 'any' | readonly Network[];

/**
 * The addresses that audiences mean. A group that has no hosts lets nobody in. Throws `InputError` for a group or host
 * that the inventory does not know, for a network that is none, and for a host that has only a DNS name.
 */
export function sourcesOf(audiences: readonly Audience[], context: RoleContext): Sources {
  if (audiences.includes('any')) return 'any';
  return disjoint(audiences.flatMap((each) => networksOf(each, context)));
}

function networksOf(audience: Audience, context: RoleContext): readonly Network[] {
  if (audience === 'any') return [];
  if (!('network' in audience)) return audienceHosts(audience, context.inventory).map(networkOf);
  const network = parseNetwork(audience.network);
  if (network) return [network];
  throw fault(`"${audience.network}" is no address or network`, 'write 192.0.2.0/24, 2001:db8::/32 or 192.0.2.1');
}

function networkOf(host: Host): Network {
  const address = addressFor(host);
  const network = parseNetwork(address);
  if (network) return network;
  throw fault(
    `the host ${host.name} is to be let in by its address, and "${address}" is a name`,
    `give ${host.name} its IP address in the inventory, or the variable private_address: rules would look a name up only once`,
  );
}

const fault = (message: string, hint: string) => new InputError([{message, hint}]);
