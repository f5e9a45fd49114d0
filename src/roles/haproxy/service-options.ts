import {z} from 'zod';
import type {Authority} from '../../model/index.js';
import {certificateSource} from '../certificates/index.js';
import {groupName, optionsOf, plainName, port, urlPath} from '../shared/options.js';

const count = z.int('must be a whole number').min(1, 'must be 1 or more');

const tls = optionsOf({
  /**
   * An authority (`await authority()` of the playbook), `ownCertificate({…})`, or `acme({…})`: then the balancers answer
   * that authority's challenges themselves, on port 80.
   */
  certificate: certificateSource,
  /** The site's public names. The first is the one that health checks ask for. */
  names: z
    .array(z.string('must be text').regex(/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'must be a host name'))
    .min(1, 'needs at least one name'),
  /** Mozilla's guideline 6.0: `intermediate` (TLS 1.2 and 1.3, the default) or `modern` (1.3 alone). */
  profile: z.enum(['intermediate', 'modern'], 'is intermediate or modern').default('intermediate'),
  /** Seconds for which browsers use HTTPS alone (HSTS). Default 63072000, two years, as the guideline has it; 0: none. */
  hsts: z.int('must be a whole number').min(0, 'must be 0 or more').default(63_072_000),
  /** The port of plain HTTP that leads to this service by redirect; false for none. Default 80. */
  redirectFrom: z.union([port, z.literal(false)], 'must be a port or false').default(80),
});

/** What can be said of one service. */
export const serviceShape = {
  /** Where clients come in. Default 80, with `tls` 443. */
  port: port.optional(),
  /** The inventory group whose hosts answer. */
  backend: groupName,
  /** Where they listen. Default 80, with `backendTls` 443. */
  backendPort: port.optional(),
  /** What the backend is called; default its group. Needed only when two services share a group. */
  name: plainName.optional(),
  /**
   * Who gets the next request: the next in turn (`roundrobin`, the default), who has fewest open (`leastconn`), always
   * the same one for a client's address (`source`) or for a path (`uri`), or the better of two drawn (`random`).
   */
  balance: z
    .enum(['roundrobin', 'leastconn', 'source', 'uri', 'random'], 'is roundrobin, leastconn, source, uri or random')
    .default('roundrobin'),
  /**
   * `active-active` (the default): all hosts of the group answer. `active-passive`: the first host of the group in the
   * inventory answers alone, and while it is down the next one that is up. For what must not run twice at once.
   */
  mode: z.enum(['active-active', 'active-passive'], 'is active-active or active-passive').default('active-active'),
  /** Answered with 200 to 299 by a server that shall get requests. Default `/healthz`. */
  healthPath: urlPath.default('/healthz'),
  /** What the answer must contain besides. Default: anything will do. */
  healthText: z
    .string('must be text')
    .regex(/^[\w .,:;=<>/!-]+$/, 'use letters, digits, blanks and . , : ; = < > / ! - _')
    .optional(),
  /** Requests that one server has at once; more wait up to ten seconds for a free one. Default 256. */
  serverConnections: count.default(256),
  /** HTTPS for the clients. Default: plain HTTP. */
  tls: tls.optional(),
  /**
   * HTTPS to the servers. Each must show a certificate of this authority for its name in the inventory, in health
   * checks as in traffic. Default: plain HTTP.
   */
  backendTls: optionsOf({
    /** `await authority()` of the playbook. */
    authority: z.custom<Pick<Authority, 'certificate'>>((value) => typeof value === 'object' && value !== null, {
      error: 'must be an authority',
    }),
  }).optional(),
  /**
   * How many requests one client (an IPv4 address, or an IPv6 network of /64) may send in so many seconds before it is
   * answered with 429. Each balancer counts for itself. Default: no limit.
   */
  rateLimit: optionsOf({
    /** How many. */
    requests: count,
    /** In how long: at most 3600. */
    seconds: count.max(3600, 'must be at most 3600'),
  }).optional(),
};

type Written = z.output<z.ZodObject<typeof serviceShape>>;

/** A service with the ports that follow from its other options. */
export interface Service extends Written {
  readonly port: number;
  readonly backendPort: number;
}

export function withPorts(service: Written): Service {
  const {port = service.tls ? 443 : 80, backendPort = service.backendTls ? 443 : 80} = service;
  return {...service, port, backendPort};
}

/** What a service is called in the configuration, statistics and metrics. */
export const backendName = ({name, backend}: Written): string => name ?? backend;

/** Ports on which it listens: its own, and the one that leads to it. */
export function portsOf({port, tls}: Service): readonly number[] {
  return tls && tls.redirectFrom !== false ? [tls.redirectFrom, port] : [port];
}
