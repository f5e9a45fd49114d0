import {z} from 'zod';
import type {OptionsSchema} from '../../model/index.js';
import {groupName, optionsOf, plainName, port, urlPath} from '../options.js';

const service = {
  /** Where clients come in. Default 80. */
  port: port.default(80),
  /** The inventory group whose hosts answer. */
  backend: groupName,
  /** Where they listen. Default 80. */
  backendPort: port.default(80),
  /** What the backend is called; default its group. Needed only when two services share a group. */
  name: plainName.optional(),
  balance: z
    .enum(['roundrobin', 'leastconn', 'source', 'random'], 'is roundrobin, leastconn, source or random')
    .default('roundrobin'),
  /** Answered with 200 by a server that shall get requests. Default `/healthz`. */
  healthPath: urlPath.default('/healthz'),
};

const balancer = {
  /** Connections at once, as far as the system allows so many open files; more wait. Default 10000. */
  maxConnections: z.int('must be a whole number').min(1, 'must be 1 or more').default(10_000),
  /** Listen on IPv6 too; false for a host whose kernel has none. Default true. */
  ipv6: z.boolean('must be true or false').default(true),
};

const One = optionsOf({...service, ...balancer});
const Many = optionsOf({services: z.array(optionsOf(service)).min(1, 'needs at least one service'), ...balancer});

export type Service = z.output<z.ZodObject<typeof service>>;

/** One service, or several under `services`. */
export type HaproxyOptions = z.input<typeof One> | z.input<typeof Many>;

/** What the role works with, whichever way it was written. */
export interface Balancer {
  readonly services: readonly Service[];
  readonly maxConnections: number;
  readonly ipv6: boolean;
}

/** Reads both ways of writing. No two services may share a port or a backend's name. */
export const balancerSchema: OptionsSchema<HaproxyOptions, Balancer> = {
  safeParse: (options) => ('services' in options ? ManyServices : OneService).safeParse(options),
};

const OneService = One.transform(
  ({maxConnections, ipv6, ...only}): Balancer => ({services: [only], maxConnections, ipv6}),
);

const ManyServices = Many.superRefine(({services}, {addIssue}) => {
  for (const [index, service] of services.entries()) {
    const earlier = services.slice(0, index);
    if (earlier.some((each) => each.port === service.port))
      addIssue({
        code: 'custom',
        path: ['services', index, 'port'],
        message: `another service has port ${service.port}`,
      });
    if (earlier.some((each) => backendName(each) === backendName(service)))
      addIssue({
        code: 'custom',
        path: ['services', index, 'name'],
        message: `another service is named "${backendName(service)}": give this one a name of its own`,
      });
  }
});

/** What a service is called in the configuration, statistics and metrics. */
export const backendName = ({name, backend}: Service): string => name ?? backend;
