import type {Balancer} from './balancer-options.js';
import {backendName, portsOf} from './service-options.js';

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What is wrong with options that are right one by one. */
export function faultsOf(balancer: Balancer): readonly Fault[] {
  const {services, databases} = balancer;
  if (services.length === 0 && !databases) return [{path: ['services'], message: 'needs at least one service'}];
  return [...samePorts(balancer), ...sameNames(balancer), ...otherAuthorities(balancer), ...unreachable(balancer)];
}

/** Redirects come first and stand beside each other: two services may share the port that leads to neither's own. */
function samePorts({services, databases, stats}: Balancer): Fault[] {
  const claims = [
    ...services.flatMap((service, index) =>
      portsOf(service).map((port) => ({port, path: ['services', index, port === service.port ? 'port' : 'tls']})),
    ),
    ...(databases ? [{port: databases.write, path: ['databases', 'write']}] : []),
    ...(databases ? [{port: databases.read, path: ['databases', 'read']}] : []),
    ...(stats ? [{port: stats.port, path: ['stats', 'port']}] : []),
  ];
  const taken = claims.filter(({port}, index) => claims.findIndex((each) => each.port === port) < index);
  return taken.map(({port, path}) => ({path, message: `another service has port ${port}`}));
}

function sameNames({services, databases}: Balancer): Fault[] {
  const names = services.map(backendName);
  return names.flatMap((name, index) => {
    const path = ['services', index, 'name'];
    if (databases && RESERVED.includes(name))
      return [{path, message: `"${name}" is what the door of the database is called`}];
    const message = `another service is named "${name}": give this one a name of its own`;
    return names.indexOf(name) < index ? [{path, message}] : [];
  });
}

const RESERVED = ['database-write', 'database-read'];

function otherAuthorities({services}: Balancer): Fault[] {
  const authorities = services.flatMap(({backendTls}) => backendTls?.authority ?? []);
  const message = 'all services share one authority for their servers';
  return authorities.every(({certificate}) => certificate === authorities[0]?.certificate)
    ? []
    : [{path: ['services'], message}];
}

/** Authorities begin at port 80 (RFC 8555, section 8.3). */
function unreachable({services}: Balancer): Fault[] {
  return services.flatMap(({tls}, index) => {
    if (tls === undefined || !('accountKey' in tls.certificate) || tls.redirectFrom === 80) return [];
    return [{path: ['services', index, 'tls', 'redirectFrom'], message: 'must be 80 for ACME'}];
  });
}
