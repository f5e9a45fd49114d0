import {type Items, listens} from '../../model/index.js';
import type {Balancer} from './balancer-options.js';
import {portsOf as portsOfService} from './service-options.js';

/** What the balancer listens to, for the firewall. */
export function listening({services, databases, stats}: Balancer): Items {
  const ports = services.flatMap(portsOfService);
  return [
    ...(ports.length > 0 ? [listens({tcp: ports, from: 'any', because: 'clients of the site'})] : []),
    ...(databases
      ? [listens({tcp: [databases.write, databases.read], from: databases.from, because: 'clients of the database'})]
      : []),
    ...(stats ? [listens({tcp: stats.port, from: stats.from, because: 'statistics and metrics'})] : []),
  ];
}

/** All TCP ports that it needs for itself. */
export function portsOf({services, databases, stats}: Balancer): readonly number[] {
  return [
    ...services.flatMap(portsOfService),
    ...(databases ? [databases.write, databases.read] : []),
    ...(stats ? [stats.port] : []),
  ];
}
