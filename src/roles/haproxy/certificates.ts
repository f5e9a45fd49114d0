import type {Handler, Items, RoleContext} from '../../model/index.js';
import {authorityFile, certificateFor} from '../certificates/index.js';
import type {Balancer} from './options.js';
import type {Service} from './service-options.js';

const DIRECTORY = '/etc/haproxy/certs';

/**
 * The authority by which the servers' certificates are verified. Its directory belongs to no package, so that a plan
 * can be certain.
 */
export const AUTHORITY_FILE = `${DIRECTORY}/ca.pem`;

/** Certificate, chain and key of a service, in one file as HAProxy reads it. Named after the frontend. */
export function certificateFile({port}: Pick<Service, 'port'>): string {
  return `${DIRECTORY}/port-${port}.pem`;
}

/** The files for encrypted connections, to the clients and to the servers. */
export function certificates({services}: Balancer, notify: Handler, context: RoleContext): Items {
  const authority = services.find(({backendTls}) => backendTls)?.backendTls?.authority;
  const encrypted = services.flatMap(({port, tls}) => (tls ? [{port, tls}] : []));
  return [
    ...(authority ? [authorityFile(authority, {path: AUTHORITY_FILE, notify})] : []),
    ...encrypted.map(({port, tls: {certificate, names}}) =>
      certificateFor(certificate, {names, path: certificateFile({port}), notify}, context),
    ),
  ];
}
