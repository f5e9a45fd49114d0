import {parseInventory} from '../../../src/inventory/index.js';
import {type ListeningSpec, listens} from '../../../src/model/index.js';
import {type ListeningHost, type Topology, topologyOf} from '../../../src/renderers/graph/index.js';

/** The hosts of an inventory, each with what those of its groups and itself listen to. */
export function listenersOf(
  inventory: string,
  specs: Readonly<Record<string, readonly ListeningSpec[]>>,
): ListeningHost[] {
  return parseInventory(inventory, '/inventory.yml').hosts.map((host) => {
    const own = [...host.groups, host.name].flatMap((name) => specs[name] ?? []);
    return {host, openings: own.flatMap((spec) => listens(spec)).map((each) => ({...each, role: 'test'}))};
  });
}

export const SITE = `
lb:
  vars: {virtualAddress: [192.0.2.10, '2001:db8::10']}
  hosts: {lb1: {address: 192.0.2.11}, lb2: {address: 192.0.2.12}}
web:
  hosts: {web1: {address: 192.0.2.21}, web2: {address: 192.0.2.22}}
primary:
  hosts: {db1: {address: 192.0.2.31}}
replica:
  hosts: {db2: {address: 192.0.2.32}}
`;

const database = {tcp: 3306, from: [{group: 'web'}, {group: 'primary'}, {group: 'replica'}], because: 'SQL'} as const;

/** A site as roles declare it: balancers ask web servers, these a primary, and the two databases each other. */
export const SITE_SPECS = {
  all: [{tcp: 22, from: 'any', because: 'SSH'}],
  lb: [
    {tcp: [80, 443], from: 'any', because: 'clients'},
    {protocol: 112, from: {group: 'lb'}, because: 'VRRP'},
  ],
  web: [{tcp: 443, from: {group: 'lb'}, because: 'the site'}],
  primary: [database],
  replica: [database],
} as const;

export const site = (): Topology => topologyOf('site', listenersOf(SITE, SITE_SPECS));
