import {z} from 'zod';
import type {Audience} from '../../model/index.js';
import {audiences} from '../shared/audiences.js';
import {groupName, optionsOf, port} from '../shared/options.js';
import type {Service} from './service-options.js';

/** What can be said of a balancer beside its services. */
export const balancerShape = {
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
