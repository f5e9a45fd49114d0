import {bareAddress, covers, type InterfaceAddress, isSameAddress, parseNetwork} from '../../model/index.js';
import type {Choices, ServerChoice, ServerProblem} from '../../project/choices.js';
import {type ConcernContext, hasDatabase} from './concern.js';

/** An address of a server that another server has, or that the server does not have where its roles need it. */
export function addressConcerns({choices, server, survey, all}: ConcernContext): readonly ServerProblem[] {
  const {name, privateAddress, address} = server;
  const own = survey.facts.addresses;
  for (const given of [privateAddress, address]) {
    const owner = given && all.find((other) => other.server !== server && has(other.survey.facts.addresses, given));
    if (owner) return has(own, given) ? sameMachine(all, server, owner.server) : [foreign(name, given, owner.server)];
  }
  const inner = privateAddress ?? address;
  if (has(own, inner) || inner.startsWith('127.')) return [];
  if (privateAddress === undefined && !bindsTo(server, choices)) return [];
  const hint = `Give one of these as the private address of ${name}: ${own.join(', ')}.`;
  return [{server: name, message: `${name} has no address ${inner} of its own for the other servers`, hint}];
}

const has = (addresses: readonly string[], given: string) => addresses.some((each) => isSameAddress(each, given));

/** Databases listen on their one address alone, and balancers that share one watch each other at theirs. */
function bindsTo(server: ServerChoice, {virtualAddress}: Choices): boolean {
  return hasDatabase(server) || (server.roles.includes('balancer') && virtualAddress.length > 0);
}

function foreign(name: string, given: string, owner: ServerChoice): ServerProblem {
  return {
    server: name,
    message: `${given} is an address of ${owner.name}, not of ${name}`,
    hint: `Correct the address of ${name}.`,
  };
}

/** Reported for the later one of the two. */
function sameMachine(all: ConcernContext['all'], server: ServerChoice, other: ServerChoice): readonly ServerProblem[] {
  const later = all.findLast((each) => each.server === server || each.server === other);
  if (later?.server !== server) return [];
  const message = `${server.name} and ${other.name} are one and the same machine`;
  return [{server: server.name, message, hint: 'Take one of the two out.'}];
}

/** A virtual address that a server has already, or that is in no network of a balancer. */
export function virtualAddressConcerns({choices, server, survey}: ConcernContext): readonly ServerProblem[] {
  const isBalancer = server.roles.includes('balancer');
  const addresses = choices.virtualAddress.map(bareAddress);
  const {interfaces, addresses: own} = survey.facts;
  return addresses.flatMap((address) => {
    if (!isBalancer) return has(own, address) ? [taken(server.name, address)] : [];
    // Without the program "ip" nothing is known of networks.
    const isNear = interfaces.length === 0 || interfaces.some((each) => isInNetwork(address, each));
    return isNear ? [] : [far(server.name, address, interfaces)];
  });
}

function taken(name: string, address: string): ServerProblem {
  const hint = 'Choose a virtual address that no server has.';
  return {server: name, message: `the virtual address ${address} is ${name}'s own`, hint};
}

function far(name: string, address: string, interfaces: readonly InterfaceAddress[]): ServerProblem {
  const networks = interfaces.map((each) => `${each.address}/${each.prefix}`).join(', ');
  return {
    server: name,
    message: `the virtual address ${address} is in no network of ${name} (${networks})`,
    hint: 'Choose a free address of a network that all balancers are in.',
  };
}

/** Whether the network of an interface holds an address. */
function isInNetwork(text: string, {address, prefix}: InterfaceAddress): boolean {
  const [network, single] = [parseNetwork(`${address}/${prefix}`), parseNetwork(text)];
  return network !== undefined && single !== undefined && covers(network, single);
}
