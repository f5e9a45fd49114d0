import {z} from 'zod';
import type {Audience, OptionsSchema} from '../../model/index.js';
import {audiences, groupName, optionsOf, port} from '../shared/options.js';
import {backendName, portsOf, type Service, serviceShape, withPorts} from './service-options.js';

/** What can be said of a balancer beside its services. */
const balancerShape = {
  /**
   * Connections at once, as far as the system allows so many open files; more wait. Default: what fits into a quarter
   * of the memory.
   */
  maxConnections: z.int('must be a whole number').min(1, 'must be 1 or more').optional(),
  /** Listen on IPv6 too; false for a host whose kernel has none. Default true. */
  ipv6: z.boolean('must be true or false').default(true),
  /**
   * A door for the database: connections to `write` reach the primary alone, those to `read` the replicas, or the
   * primary while no replica is fit. Which is which is asked of each server over HTTP every other second, on `checkPort`:
   * `/primary` and `/replica`, answered with 200 by one that is.
   */
  databases: optionsOf({
    /** The database servers, primary and replicas alike. Default `db`. */
    group: groupName.default('db'),
    /** The port that leads to the primary. Default 3306. */
    write: port.default(3306),
    /** The port that leads to replicas. Default 3307. */
    read: port.default(3307),
    /** Who may connect. */
    from: audiences,
    /** Where the database servers listen. Default 3306. */
    serverPort: port.default(3306),
    /** Where they tell what they are fit for. Default 9200. */
    checkPort: port.default(9200),
  }).optional(),
  /**
   * Statistics as a page, and at `/metrics` for Prometheus, on the host's `private_address` (or address) for these
   * alone. Default: none; the socket `/run/haproxy/admin.sock` always has them.
   */
  stats: optionsOf({
    /** Who may read them. */
    from: audiences,
    /** Where they are read. Default 8404. */
    port: port.default(8404),
  }).optional(),
};

type Common = z.output<z.ZodObject<typeof balancerShape>>;

export type Databases = NonNullable<Common['databases']>;

export interface Stats {
  readonly from: readonly Audience[];
  readonly port: number;
}

/** What the role works with, whichever way its options were written. */
export interface Balancer extends Common {
  readonly services: readonly Service[];
}

const One = optionsOf({...serviceShape, ...balancerShape});
const Many = optionsOf({
  /** Several of them, each with the options of one. */
  services: z.array(optionsOf(serviceShape)),
  ...balancerShape,
});

/** One service, or several under `services`. */
export type HaproxyOptions = z.input<typeof One> | z.input<typeof Many>;

/** Reads both ways of writing. No two services may share a port or a backend's name. */
export const balancerSchema: OptionsSchema<HaproxyOptions, Balancer> = {
  // A playbook may be JavaScript and give no options.
  safeParse: (options) =>
    (options instanceof Object && 'services' in options ? ManyServices : OneService).safeParse(options),
};

const OneService = One.transform(({maxConnections, ipv6, databases, stats, ...only}): Balancer => {
  return {services: [withPorts(only)], maxConnections, ipv6, databases, stats};
}).superRefine((balancer, {addIssue}) => {
  // The only service is written without "services", and so its faults are told.
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

/** What is wrong with options that are right one by one. */
function faultsOf(balancer: Balancer): readonly Fault[] {
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
