import {BlockList, isIP, SocketAddress} from 'node:net';
import type {InterfaceAddress} from '../model/index.js';

/** Whether two texts are one address, however IPv6 is written. Names are equal to themselves. */
export function isSameAddress(left: string, right: string): boolean {
  return canonical(left) === canonical(right);
}

/** Whether the network of an interface holds an address. */
export function isInNetwork(address: string, {address: own, prefix}: InterfaceAddress): boolean {
  if (isIP(address) === 0 || isIP(address) !== isIP(own)) return false;
  const network = new BlockList();
  network.addSubnet(own, prefix, familyOf(own));
  return network.check(address, familyOf(address));
}

function canonical(text: string): string {
  return isIP(text) === 0 ? text.toLowerCase() : new SocketAddress({address: text, family: familyOf(text)}).address;
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
