import type {Host} from '../../src/model/index.js';

/** A host of which only the name matters. */
export function hostNamed(name: string): Host {
  const connection = {address: '192.0.2.1', port: 22, user: 'root', become: false};
  return {name, ...connection, identityFiles: [], knownHostsFiles: [], groups: ['all'], vars: {}};
}
