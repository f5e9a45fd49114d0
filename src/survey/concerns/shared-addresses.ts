import {bareAddress, covers, type InterfaceAddress, isSameAddress, parseNetwork} from '../../model/index.js';
import type {Concern, Sighted} from '../concern.js';

/** A virtual address that another server has, or that could not be reached at a balancer. */
export function sharedAddressConcerns({choices, server, survey}: Sighted): readonly Concern[] {
  const isBalancer = server.roles.includes('balancer');
  const addresses = choices.virtualAddress.map(bareAddress);
  const {interfaces, addresses: own} = survey.facts;
  return addresses.flatMap((address) => {
    if (!isBalancer) return own.some((each) => isSameAddress(each, address)) ? [taken(server.name, address)] : [];
    // Without the program "ip" nothing is known of networks.
    const isNear = interfaces.length === 0 || interfaces.some((each) => isInNetwork(address, each));
    return isNear ? [] : [far(server.name, address, interfaces)];
  });
}

function taken(name: string, address: string): Concern {
  const hint = 'Choose a virtual address that no server has';
  return {server: name, message: `the virtual address ${address} is ${name}'s own`, hint};
}

function far(name: string, address: string, interfaces: readonly InterfaceAddress[]): Concern {
  const networks = interfaces.map((each) => `${each.address}/${each.prefix}`).join(', ');
  return {
    server: name,
    message: `the virtual address ${address} is in no network of ${name} (${networks})`,
    hint: 'Choose a free address of a network that all balancers are in',
  };
}

/** Whether the network of an interface holds an address. */
function isInNetwork(text: string, {address, prefix}: InterfaceAddress): boolean {
  const [network, single] = [parseNetwork(`${address}/${prefix}`), parseNetwork(text)];
  return network !== undefined && single !== undefined && covers(network, single);
}
