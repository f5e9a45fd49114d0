import {z} from 'zod';
import type {Authority} from '../../model/index.js';
import {certificateSource} from '../certificates/index.js';
import {groupName, optionsOf, plainName, port, urlPath} from '../shared/options.js';

const count = z.int('must be a whole number').min(1, 'must be 1 or more');

const tls = optionsOf({
  /**
   * An authority (`await authority()` of the playbook), `ownCertificate({…})`, or `acme({…})`: the balancers then
   * answer that authority's challenges themselves, on port 80.
   */
  certificate: certificateSource,
  /** The site's public names. Health checks ask for the first one. */
  names: z
    .array(z.string('must be text').regex(/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'must be a host name'))
    .min(1, 'needs at least one name'),
  /** Mozilla's guideline 6.0: `intermediate` (TLS 1.2 and 1.3, the default) or `modern` (1.3 alone). */
  profile: z.enum(['intermediate', 'modern'], 'must be intermediate or modern').default('intermediate'),
  /** Seconds for which browsers use only HTTPS (HSTS). Default 63072000, two years, as in the guideline; 0: none. */
  hsts: z.int('must be a whole number').min(0, 'must be 0 or more').default(63_072_000),
  /** The port of plain HTTP that redirects to this service; false for none. Default 80. */
  redirectFrom: z.union([port, z.literal(false)], 'must be a port or false').default(80),
});

/** The options of one service. */
export const serviceShape = {
  /** The port for clients. Default 80, with `tls` 443. */
  port: port.optional(),
  /** The inventory group of the servers. */
  backend: groupName,
  /** The port on which they listen. Default 80, with `backendTls` 443. */
  backendPort: port.optional(),
  /** The name of the backend; default its group. Needed only when two services share a group. */
  name: plainName.optional(),
  /**
   * Which server gets the next request: the next in turn (`roundrobin`, the default), the one with the fewest open
   * connections (`leastconn`), always the same one for a client's address (`source`) or for a path (`uri`), or the
   * better of two random ones (`random`).
   */
  balance: z
    .enum(
      ['roundrobin', 'leastconn', 'source', 'uri', 'random'],
      'must be roundrobin, leastconn, source, uri or random',
    )
    .default('roundrobin'),
  /**
   * `active-active` (the default): all hosts of the group get requests. `active-passive`: only the first host of the
   * group in the inventory, and while it is down the next one that is up. For applications that must not run twice at
   * once.
   */
  mode: z.enum(['active-active', 'active-passive'], 'must be active-active or active-passive').default('active-active'),
  /** The path of health checks: a healthy server answers it with 200 to 299. Default `/healthz`. */
  healthPath: urlPath.default('/healthz'),
  /** A text that the answer must also contain. Default: any answer is accepted. */
  healthText: z
    .string('must be text')
    .regex(/^[\w .,:;=<>/!-]+$/, 'must have only letters, digits, spaces and . , : ; = < > / ! - _')
    .optional(),
  /** Requests that one server handles at once; more wait up to ten seconds for a free one. Default 256. */
  serverConnections: count.default(256),
  /** HTTPS for the clients. Default: plain HTTP. */
  tls: tls.optional(),
  /**
   * HTTPS to the servers. Each must have a certificate of this authority for its name in the inventory, for health
   * checks and for requests. Default: plain HTTP.
   */
  backendTls: optionsOf({
    /** `await authority()` of the playbook. */
    authority: z.custom<Pick<Authority, 'certificate'>>((value) => typeof value === 'object' && value !== null, {
      error: 'must be an authority',
    }),
  }).optional(),
  /**
   * How many requests one client (an IPv4 address, or an IPv6 network of /64) may send in a number of seconds before it
   * gets status 429. Each balancer counts for itself. Default: no limit.
   */
  rateLimit: optionsOf({
    /** The number of requests. */
    requests: count,
    /** The seconds in which they are counted: at most 3600. */
    seconds: count.max(3600, 'must be at most 3600'),
  }).optional(),
};

type Written = z.output<z.ZodObject<typeof serviceShape>>;

/** A service with its default ports, which depend on its other options. */
export interface Service extends Written {
  readonly port: number;
  readonly backendPort: number;
}

/** Adds the default ports. */
export function withPorts(service: Written): Service {
  const {port = service.tls ? 443 : 80, backendPort = service.backendTls ? 443 : 80} = service;
  return {...service, port, backendPort};
}

/** The name of a service in the configuration, statistics and metrics. */
export const backendName = ({name, backend}: Written): string => name ?? backend;

/** Ports on which it listens: the one that redirects to it, and its own. */
export function portsOf({port, tls}: Service): readonly number[] {
  return tls && tls.redirectFrom !== false ? [tls.redirectFrom, port] : [port];
}
