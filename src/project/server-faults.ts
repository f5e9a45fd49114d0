import {isIP} from 'node:net';
import {bareAddress, canonicalAddress, isAddress, isPort, isServerAddress, PLAIN_NAME} from '../model/index.js';
import {
  type Choices,
  GROUP_NAMES,
  type ServerChoice,
  type ServerProblem,
  type ServerRole,
  serversFor,
} from './choices.js';

/** What is wrong with single servers, and with servers that share a name or an address. */
export function serverFaults({servers}: Choices): readonly ServerProblem[] {
  return servers.flatMap((server, index) => [
    ...nameFaults(server),
    ...addressFaults(server),
    ...twinFaults(server, servers.slice(0, index)),
  ]);
}

function nameFaults({name}: ServerChoice): ServerProblem[] {
  if (GROUP_NAMES.includes(name))
    return [
      {server: name, message: `"${name}" is the name of a group`, hint: `Name the server ${name}1, for instance.`},
    ];
  if (PLAIN_NAME.test(name)) return [];
  const hint = 'Use letters, digits, "-", "_" and ".", such as web1.';
  return [{server: name, message: `"${name}" is not a name for a server`, hint}];
}

/** The other servers, their firewalls and database accounts need an IP address of a server. */
function addressFaults({name, address, port = 22, privateAddress}: ServerChoice): ServerProblem[] {
  const fault = (message: string, hint: string): ServerProblem[] => [{server: name, message, hint}];
  if (!isServerAddress(address))
    return fault(
      `"${address}" is not the address of a server`,
      'Give an IP address or a DNS name, such as 192.0.2.10.',
    );
  if (!isPort(port)) return fault(`${port} is not a port`, "Give SSH's port, from 1 to 65535; it is usually 22.");
  if (privateAddress !== undefined && isIP(privateAddress) === 0)
    return fault(
      `the private address "${privateAddress}" of ${name} is not an IP address`,
      'Give an IP address, or leave it out.',
    );
  if (privateAddress === undefined && isIP(address) === 0)
    return fault(
      `the other servers need an IP address of ${name}, and "${address}" is a name`,
      'Give an IP address as its address, or as its private address.',
    );
  return [];
}

function twinFaults(server: ServerChoice, before: readonly ServerChoice[]): ServerProblem[] {
  const {name} = server;
  const same = (each: (server: ServerChoice) => string) => before.find((other) => each(other) === each(server));
  const namesake = same((each) => each.name);
  if (namesake)
    return [{server: name, message: `two servers are named ${name}`, hint: 'Give each server its own name.'}];
  const twin = same(endpointOf) ?? same(innerAddress);
  if (!twin) return [];
  const hint = 'Give each server its own address, or leave one out.';
  return [{server: name, message: `${twin.name} and ${name} have the same address, ${innerAddress(server)}`, hint}];
}

/** Where SSH connects to, by which servers are told apart: the address and the port. */
export const endpointOf = ({address, port = 22}: Pick<ServerChoice, 'address' | 'port'>) =>
  `${canonicalAddress(address)} ${port}`;

/** The address at which the other servers reach a server. */
export const innerAddress = ({address, privateAddress = address}: ServerChoice) => canonicalAddress(privateAddress);

/** What is wrong with the roles of the servers. */
export function roleFaults(choices: Choices): readonly ServerProblem[] {
  if (choices.servers.length === 0)
    return [{message: 'there are no servers', hint: 'Give the addresses of at least two, or better three.'}];
  return [...choices.servers.flatMap(clashingRoles), ...missingRoles(choices), ...primaryFaults(choices)];
}

/** Balancers and web servers both listen on 443, balancers and databases on 3306. */
function clashingRoles({name, roles}: ServerChoice): ServerProblem[] {
  const fault = (message: string, hint: string): ServerProblem[] => [{server: name, message, hint}];
  const is = (role: ServerRole) => roles.includes(role);
  if (is('balancer') && is('web'))
    return fault(
      `${name} cannot be balancer and web server: both listen on port 443`,
      'Make another server the balancer.',
    );
  if (is('balancer') && (is('primary') || is('replica')))
    return fault(
      `${name} cannot be balancer and database: both listen on port 3306`,
      'Move the database to a web server, or to a server of its own.',
    );
  if (is('primary') && is('replica'))
    return fault(`${name} cannot be a replica of itself`, 'Make it the primary, and another server the replica.');
  return [];
}

function missingRoles(choices: Choices): ServerProblem[] {
  const {length} = choices.servers;
  const fault = (role: ServerRole, what: string): ServerProblem[] => {
    if (serversFor(role, choices).length > 0) return [];
    const hint =
      length === 1 ? 'Add a second server: the balancer needs one of its own.' : `Make one of the servers ${what}.`;
    return [{message: `no server is ${what}`, hint}];
  };
  return [...fault('balancer', 'the balancer'), ...fault('web', 'a web server')];
}

function primaryFaults(choices: Choices): ServerProblem[] {
  const [first, second] = serversFor('primary', choices);
  const [replica] = serversFor('replica', choices);
  if (first !== undefined && second !== undefined)
    return [
      {
        server: second.name,
        message: `${first.name} and ${second.name} cannot both be the primary: one database takes the writes`,
        hint: `Make ${second.name} a replica.`,
      },
    ];
  if (first !== undefined) return [];
  if (replica === undefined)
    return [
      {message: 'no server is the primary, which holds the database', hint: 'Make a web server the primary too.'},
    ];
  const message = `${replica.name} is a replica, and there is no primary to copy from`;
  return [{server: replica.name, message, hint: `Make ${replica.name}, or another server, the primary.`}];
}

/** What is wrong with the addresses that balancers share. */
export function virtualFaults(choices: Choices): readonly ServerProblem[] {
  const {virtualAddress} = choices;
  const balancers = serversFor('balancer', choices);
  const [first, second] = balancers;
  if (virtualAddress.length === 0) {
    if (first === undefined || second === undefined) return [];
    const message = `${balancers.map(({name}) => name).join(' and ')} are balancers and share no address`;
    return [{message, hint: 'Give a virtual address of their network that no server has.'}];
  }
  if (first !== undefined && second === undefined)
    return [
      {
        message: `there is a virtual address, and ${first.name} is the only balancer`,
        hint: 'Make another server a balancer too, or leave the virtual address out.',
      },
    ];
  return [
    ...virtualAddress.flatMap((each, index) => sharedAddressFaults(each, index, choices)),
    ...familyFaults(choices),
  ];
}

function sharedAddressFaults(address: string, index: number, {virtualAddress, servers}: Choices): ServerProblem[] {
  const bare = bareAddress(address);
  if (!isAddress(address))
    return [{message: `"${address}" is not a virtual address`, hint: 'Give an IP address, such as 192.0.2.100.'}];
  if (virtualAddress.findIndex((each) => bareAddress(each) === bare) < index)
    return [{message: `the virtual address ${bare} is given twice`, hint: 'Leave one out.'}];
  const owner = servers.find((each) => canonicalAddress(each.address) === bare || innerAddress(each) === bare);
  if (owner === undefined) return [];
  const hint = 'Give an address of the same network that no server has.';
  return [{server: owner.name, message: `the virtual address ${bare} is the address of ${owner.name}`, hint}];
}

/**
 * The balancers talk to each other in the family of their own addresses (IPv4 or IPv6); virtual addresses of the other
 * family move together with one of theirs.
 */
function familyFaults(choices: Choices): ServerProblem[] {
  const own = [...new Set(serversFor('balancer', choices).map((each) => isIP(innerAddress(each))))];
  const [family] = own;
  if (own.includes(0)) return [];
  if (own.length > 1)
    return [
      {
        message: 'the balancers reach each other at IPv4 and at IPv6 addresses',
        hint: 'Give all of them private addresses of the same kind.',
      },
    ];
  const virtual = choices.virtualAddress.filter(isAddress);
  if (virtual.length === 0 || virtual.some((each) => isIP(bareAddress(each)) === family)) return [];
  const message = `no virtual address is an IPv${family} address, as those of the balancers are`;
  return [{message, hint: 'Add one; the others move together with it.'}];
}
