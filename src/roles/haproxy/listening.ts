import {type Items, listens} from '../../model/index.js';
import type {Balancer} from './balancer-options.js';
import {portsOf} from './service-options.js';

/** What the balancer listens to, for the firewall. */
export function listening({services, databases, stats}: Balancer): Items {
  const ports = services.flatMap(portsOf);
  return [
    ...(ports.length > 0 ? [listens({tcp: ports, from: 'any', because: 'clients of the site'})] : []),
    ...(databases
      ? [listens({tcp: [databases.write, databases.read], from: databases.from, because: 'clients of the database'})]
      : []),
    ...(stats ? [listens({tcp: stats.port, from: stats.from, because: 'statistics and metrics'})] : []),
  ];
}
