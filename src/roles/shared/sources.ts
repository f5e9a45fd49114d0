import {
  type Audience,
  audienceHosts,
  disjoint,
  type Host,
  InputError,
  type Network,
  parseNetwork,
  privateAddressOf,
  type RoleContext,
} from '../../model/index.js';

/** Who is let in: everyone, or these addresses and networks, disjoint and in order. */
export type Sources = 'any' | readonly Network[];

/**
 * The addresses of audiences. A group without hosts has none. Throws `InputError` for a group or host that the
 * inventory does not have, for a network that cannot be read, and for a host that has only a DNS name.
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
  throw fault(
    `"${audience.network}" is not an address or a network`,
    'Write 192.0.2.0/24, 2001:db8::/32 or 192.0.2.1.',
  );
}

function networkOf(host: Host): Network {
  const address = privateAddressOf(host);
  const network = parseNetwork(address);
  if (network) return network;
  throw fault(
    `rules need the IP address of the host ${host.name}, but "${address}" is a name`,
    `Give ${host.name} its IP address in the inventory, or as the variable private_address: rules would look a name up only once.`,
  );
}

const fault = (message: string, hint: string) => new InputError([{message, hint}]);
