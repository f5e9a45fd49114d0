import {isIP} from 'node:net';
import {bareAddress, canonicalAddress, isAddress} from '../model/index.js';
import type {Choices} from './choices.js';
import type {Fault} from './fault.js';
import {serversFor} from './groups.js';
import {innerAddress} from './server-faults.js';

/** What is wrong with the addresses that balancers share. */
export function virtualFaults(choices: Choices): readonly Fault[] {
  const {virtualAddress} = choices;
  const balancers = serversFor('balancer', choices);
  const [first, second] = balancers;
  if (virtualAddress.length === 0) {
    if (first === undefined || second === undefined) return [];
    const message = `${balancers.map(({name}) => name).join(' and ')} are balancers, and share no address`;
    return [{message, hint: 'give a virtual address of their network that no server has'}];
  }
  if (first !== undefined && second === undefined)
    return [
      {
        message: `there is a virtual address, and ${first.name} is the only balancer`,
        hint: 'make another server a balancer too, or leave the virtual address out',
      },
    ];
  return [...virtualAddress.flatMap((each, index) => addressFaults(each, index, choices)), ...families(choices)];
}

function addressFaults(address: string, index: number, {virtualAddress, servers}: Choices): Fault[] {
  const bare = bareAddress(address);
  if (!isAddress(address))
    return [{message: `"${address}" is not a virtual address`, hint: 'give an IP address, such as 192.0.2.100'}];
  if (virtualAddress.findIndex((each) => bareAddress(each) === bare) < index)
    return [{message: `the virtual address ${bare} is given twice`, hint: 'leave one out'}];
  const owner = servers.find((each) => canonicalAddress(each.address) === bare || innerAddress(each) === bare);
  if (owner === undefined) return [];
  const hint = 'give an address of the same network that no server has';
  return [{server: owner.name, message: `the virtual address ${bare} is ${owner.name}'s own`, hint}];
}

/** The balancers talk with each other in the family of their own addresses; addresses of the other one move along. */
function families(choices: Choices): Fault[] {
  const own = [...new Set(serversFor('balancer', choices).map((each) => isIP(innerAddress(each))))];
  const [family] = own;
  if (own.includes(0)) return [];
  if (own.length > 1)
    return [
      {
        message: 'the balancers reach each other at IPv4 and at IPv6 addresses',
        hint: 'give all of them a private address of one kind',
      },
    ];
  const virtual = choices.virtualAddress.filter(isAddress);
  if (virtual.length === 0 || virtual.some((each) => isIP(bareAddress(each)) === family)) return [];
  const message = `no virtual address is an IPv${family} address, as the balancers' own are`;
  return [{message, hint: 'add one; the others move along with it'}];
}
