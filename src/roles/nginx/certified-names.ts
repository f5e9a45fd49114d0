import type {RoleContext} from '../../model/index.js';
import {addressFor, optionalGroup} from '../shared/members.js';
import type {TlsSite} from './options.js';

/**
 * The names that a web server's certificate must be valid for: what those who ask expect. Balancers check this host's
 * name; without balancers clients check the site's. The project's authority adds the host's addresses.
 */
export function certifiedNames(site: TlsSite, context: Pick<RoleContext, 'host' | 'inventory'>): readonly string[] {
  const {tls, serverName, balancers} = site;
  const {host} = context;
  const names = [serverName].flat().filter((name) => name !== '_');
  const isDirect = optionalGroup(balancers, 'lb', context).length === 0 && names.length > 0;
  const addresses = 'issue' in tls.certificate ? [addressFor(host), host.address] : [];
  return [...new Set([...(isDirect ? names : [host.name, ...addresses]), ...tls.names])];
}
