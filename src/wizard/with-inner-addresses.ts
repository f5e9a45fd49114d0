import {lookup} from 'node:dns/promises';
import {isIP} from 'node:net';
import type {ServerChoice} from '../project/choices.js';

/**
 * Servers know each other by IP addresses: one that was given by a DNS name gets the address that the name has here, IPv4
 * before IPv6, unless another was given. One whose name has none stays as it is.
 */
export function withInnerAddresses(servers: readonly ServerChoice[]): Promise<readonly ServerChoice[]> {
  return Promise.all(servers.map(withInnerAddress));
}

async function withInnerAddress(server: ServerChoice): Promise<ServerChoice> {
  if (server.privateAddress !== undefined || isIP(server.address) !== 0) return server;
  try {
    const found = await lookup(server.address, {order: 'ipv4first'});
    return {...server, privateAddress: found.address};
  } catch {
    return server;
  }
}
