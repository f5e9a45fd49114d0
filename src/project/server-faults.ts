import {isIP} from 'node:net';
import {canonicalAddress, isPort, isServerAddress, PLAIN_NAME} from '../model/index.js';
import type {Choices, ServerChoice} from './choices.js';
import type {Fault} from './fault.js';
import {GROUP_NAMES} from './groups.js';

/** What is wrong with servers one by one, or because two are alike. */
export function serverFaults({servers}: Choices): readonly Fault[] {
  return servers.flatMap((server, index) => [
    ...nameFaults(server),
    ...addressFaults(server),
    ...twinFaults(server, servers.slice(0, index)),
  ]);
}

function nameFaults({name}: ServerChoice): Fault[] {
  if (GROUP_NAMES.includes(name))
    return [{server: name, message: `"${name}" is the name of a group`, hint: `call the server ${name}1`}];
  if (PLAIN_NAME.test(name)) return [];
  const hint = 'use letters, digits, "-", "_" and ".", such as web1';
  return [{server: name, message: `"${name}" is not a name for a server`, hint}];
}

/** The other servers, firewalls and accounts of databases know a server by an IP address. */
function addressFaults({name, address, port = 22, privateAddress}: ServerChoice): Fault[] {
  const fault = (message: string, hint: string): Fault[] => [{server: name, message, hint}];
  if (!isServerAddress(address))
    return fault(`"${address}" is not the address of a server`, 'give an IP address or a DNS name, such as 192.0.2.10');
  if (!isPort(port)) return fault(`${port} is not a port`, "give SSH's port, 1 to 65535; it is usually 22");
  if (privateAddress !== undefined && isIP(privateAddress) === 0)
    return fault(`the private address "${privateAddress}" of ${name} is no IP address`, 'give an IP address, or none');
  if (privateAddress === undefined && isIP(address) === 0)
    return fault(
      `the other servers must know ${name} by an IP address, and "${address}" is a name`,
      'give it an IP address, or one as private address',
    );
  return [];
}

function twinFaults(server: ServerChoice, before: readonly ServerChoice[]): Fault[] {
  const {name} = server;
  const same = (each: (server: ServerChoice) => string) => before.find((other) => each(other) === each(server));
  const namesake = same((each) => each.name);
  if (namesake) return [{server: name, message: `two servers are named ${name}`, hint: 'give each its own name'}];
  const twin = same(endpointOf) ?? same(innerAddress);
  if (!twin) return [];
  const hint = 'give each its own address, or leave one out';
  return [{server: name, message: `${twin.name} and ${name} have the same address, ${innerAddress(server)}`, hint}];
}

/** What tells one server from another: where SSH connects to. */
export const endpointOf = ({address, port = 22}: Pick<ServerChoice, 'address' | 'port'>) =>
  `${canonicalAddress(address)} ${port}`;

/** Where the other servers reach it. */
export const innerAddress = ({address, privateAddress = address}: ServerChoice) => canonicalAddress(privateAddress);
