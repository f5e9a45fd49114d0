import {z} from 'zod';
import type {Audience, OptionsSchema} from '../../model/index.js';
import {audiences, groupName, optionsOf, port} from '../shared/options.js';
import {backendName, portsOf, type Service, serviceShape, withPorts} from './service-options.js';

/** The options of a balancer besides those of its services. */
const balancerShape = {
  /**
   * Connections at once, as far as the system's limit of open files allows; more wait. Default: as many as fit into a
   * quarter of the memory.
   */
  maxConnections: z.int('must be a whole number').min(1, 'must be 1 or more').optional(),
  /** Listen on IPv6 too; false for a host whose kernel has none. Default true. */
  ipv6: z.boolean('must be true or false').default(true),
  /**
   * Ports for the database: connections to `write` reach only the primary, those to `read` the replicas, or the primary
   * while no replica is healthy. The balancer asks each server over HTTP twice a second, on `checkPort`: the primary
   * answers `/primary` with 200, a replica `/replica`. Another answer ends new connections at once and no open one.
   * While two servers call themselves the primary, none gets new writers. Sessions on a host that has lost its power
   * end after half a minute.
   */
  databases: optionsOf({
    /** The database servers, primary and replicas alike. Default `db`. */
    group: groupName.default('db'),
    /** The port for the primary. Default 3306. */
    write: port.default(3306),
    /** The port for the replicas. Default 3307. */
    read: port.default(3307),
    /** Who may connect. */
    from: audiences,
    /** The port on which the database servers listen. Default 3306. */
    serverPort: port.default(3306),
    /** The port of their health checks (`databaseHealth`). Default 9200. */
    checkPort: port.default(9200),
    /**
     * Connections to one server at once, from all balancers together; more wait up to ten seconds. It must be less than
     * the server's `maxConnections`: the difference is left to replicas, backups and people. Default 180.
     */
    serverConnections: z.int('must be a whole number').min(4, 'must be at least 4').default(180),
    /** The group of the balancers, which share these connections. Default `lb`. */
    balancers: groupName.default('lb'),
  }).optional(),
  /**
   * Statistics as a page, and at `/metrics` for Prometheus, on the host's `private_address` (or address) and only for
   * these clients. Default: none; the socket `/run/haproxy/admin.sock` always has them.
   */
  stats: optionsOf({
    /** Who may read them. */
    from: audiences,
    /** The port of the page. Default 8404. */
    port: port.default(8404),
  }).optional(),
};

type Common = z.output<z.ZodObject<typeof balancerShape>>;

/** The option `databases`. */
export type Databases = NonNullable<Common['databases']>;

/** The option `stats`. */
export interface Stats {
  readonly from: readonly Audience[];
  readonly port: number;
}

/** The options of the role, in the same form for one service and for several. */
export interface Balancer extends Common {
  readonly services: readonly Service[];
}

const One = optionsOf({...serviceShape, ...balancerShape});
const Many = optionsOf({
  /** Several services, each with the options of one. */
  services: z.array(optionsOf(serviceShape)),
  ...balancerShape,
});

/** One service, or several under `services`. */
export type HaproxyOptions = z.input<typeof One> | z.input<typeof Many>;

/** Accepts one service or several. Two services must not share a port or a backend's name. */
export const balancerSchema: OptionsSchema<HaproxyOptions, Balancer> = {
  // A playbook may be JavaScript and give no options.
  safeParse: (options) =>
    (options instanceof Object && 'services' in options ? ManyServices : OneService).safeParse(options),
  shape: {...One.shape, ...Many.shape},
};

const OneService = One.transform(({maxConnections, ipv6, databases, stats, ...only}): Balancer => {
  return {services: [withPorts(only)], maxConnections, ipv6, databases, stats};
}).superRefine((balancer, {addIssue}) => {
  // A single service is written without "services", and its faults are reported that way.
  for (const {path, message} of faultsOf(balancer)) {
    addIssue({code: 'custom', path: path[0] === 'services' ? path.slice(2) : [...path], message});
  }
});

const ManyServices = Many.transform(({services, ...common}): Balancer => {
  return {services: services.map(withPorts), ...common};
}).superRefine((balancer, {addIssue}) => {
  for (const {path, message} of faultsOf(balancer)) addIssue({code: 'custom', path: [...path], message});
});

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The faults of options that are valid one by one. */
function faultsOf(balancer: Balancer): readonly Fault[] {
  const {services, databases} = balancer;
  if (services.length === 0 && !databases) return [{path: ['services'], message: 'needs at least one service'}];
  return [...samePorts(balancer), ...sameNames(balancer), ...otherAuthorities(balancer), ...unreachable(balancer)];
}

/** Two options that name the same port: of services, their redirects, the database and the statistics. */
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
      return [{path, message: `"${name}" is the name of the database's backend`}];
    const message = `another service is named "${name}": give this one a different name`;
    return names.indexOf(name) < index ? [{path, message}] : [];
  });
}

const RESERVED = ['database-write', 'database-read'];

function otherAuthorities({services}: Balancer): Fault[] {
  const authorities = services.flatMap(({backendTls}) => backendTls?.authority ?? []);
  const message = 'all services must have the same authority for their servers';
  return authorities.every(({certificate}) => certificate === authorities[0]?.certificate)
    ? []
    : [{path: ['services'], message}];
}

/** The challenges of an ACME authority come to port 80 (RFC 8555, section 8.3). */
function unreachable({services}: Balancer): Fault[] {
  return services.flatMap(({tls}, index) => {
    if (tls === undefined || !('accountKey' in tls.certificate) || tls.redirectFrom === 80) return [];
    return [{path: ['services', index, 'tls', 'redirectFrom'], message: 'must be 80 for ACME'}];
  });
}
