import {isSameAddress} from '../../model/index.js';
import type {Choices, ServerChoice} from '../../project/choices.js';
import {type Concern, hasDatabase, type Sighted} from '../concern.js';

/** An address of a server that is another's, or that the server does not have where its roles need it. */
export function addressConcerns({choices, server, survey, all}: Sighted): readonly Concern[] {
  const {name, privateAddress, address} = server;
  const own = survey.facts.addresses;
  for (const given of [privateAddress, address]) {
    const owner = given && all.find((other) => other.server !== server && has(other.survey.facts.addresses, given));
    if (owner) return has(own, given) ? same(all, server, owner.server) : [taken(name, given, owner.server.name)];
  }
  const inner = privateAddress ?? address;
  if (has(own, inner) || inner.startsWith('127.')) return [];
  if (privateAddress === undefined && !bindsTo(server, choices)) return [];
  const hint = `Give one of these as the private address of ${name}: ${own.join(', ')}`;
  return [{server: name, message: `${name} has no address ${inner} of its own for the other servers`, hint}];
}

const has = (addresses: readonly string[], given: string) => addresses.some((each) => isSameAddress(each, given));

/** Databases listen to their one address alone, and balancers that share one watch each other at theirs. */
function bindsTo(server: ServerChoice, {virtualAddress}: Choices): boolean {
  return hasDatabase(server) || (server.roles.includes('balancer') && virtualAddress.length > 0);
}

function taken(name: string, given: string, owner: string): Concern {
  return {
    server: name,
    message: `${given} is an address of ${owner}, not of ${name}`,
    hint: `Correct the address of ${name}`,
  };
}

/** Said of the later one of the two. */
function same(all: Sighted['all'], server: ServerChoice, other: ServerChoice): readonly Concern[] {
  const later = all.findLast((each) => each.server === server || each.server === other);
  if (later?.server !== server) return [];
  const message = `${server.name} and ${other.name} are one and the same machine`;
  return [{server: server.name, message, hint: 'Take one of the two out'}];
}
