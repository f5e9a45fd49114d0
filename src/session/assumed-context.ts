import {
  type Facts,
  groupsOf,
  type Host,
  type Inventory,
  privateAddressOf,
  type RoleContext,
  USUAL_RELEASE,
} from '../model/index.js';

/**
 * What a role may know of a host without connecting: every host is assumed to be fresh, with the usual release, and its only
 * interface has its address of the inventory and its `private_address`.
 */
export function assumedContext(host: Host, inventory: Inventory): Omit<RoleContext, 'openings'> {
  const others = {factsOf: assumedFacts, factsIfReached: assumedFacts};
  return {host, facts: assumedFacts(host), inventory, group: groupsOf(inventory), ...others};
}

function assumedFacts(host: Host): Facts {
  const addresses = [...new Set([host.address, privateAddressOf(host)])];
  return {
    hostname: host.name,
    ...USUAL_RELEASE,
    architecture: 'amd64',
    cpus: 2,
    memory: 4 * 2 ** 30,
    addresses,
    interfaces: addresses.map((each) => ({name: 'eth0', address: each, prefix: each.includes(':') ? 64 : 24})),
    client: '',
  };
}
