import {type Facts, groupsOf, type Host, type Inventory, type RoleContext} from '../model/index.js';

/**
 * What a role may know of a host without connecting: every host is assumed to be a fresh Debian trixie whose only
 * interface has its address of the inventory and its `private_address`.
 */
export function assumedContext(host: Host, inventory: Inventory): Omit<RoleContext, 'openings'> {
  return {host, facts: assumedFacts(host), inventory, group: groupsOf(inventory), factsOf: assumedFacts};
}

function assumedFacts({name, address, vars}: Host): Facts {
  const own = typeof vars.private_address === 'string' ? [vars.private_address] : [];
  const addresses = [...new Set([address, ...own])];
  return {
    hostname: name,
    os: 'debian',
    codename: 'trixie',
    version: '13',
    architecture: 'amd64',
    cpus: 2,
    memory: 4 * 2 ** 30,
    addresses,
    interfaces: addresses.map((each) => ({name: 'eth0', address: each, prefix: each.includes(':') ? 64 : 24})),
    client: '',
  };
}
