import {z} from 'zod';
import type {Authority} from '../../model/index.js';
import {Secret} from '../../shell/index.js';
import {groupName, optionsOf, plainName, port} from '../shared/options.js';
import {count, yesOrNo} from './options.js';
import {SemiSyncOptions} from './server-options.js';

/** Printable ASCII without quotes and backslashes: the option file of a client needs no escapes for it. */
const isPlain = (clear: string) => /^[\x20\x21\x23-\x26\x28-\x5b\x5d-\x7e]+$/.test(clear);

/** The options of automatic failover. */
export const FailoverOptions = optionsOf({
  /** The password of its account, without quotes and backslashes: `secret('mysql/failover')`. */
  password: z
    .instanceof(Secret, {error: 'must be a secret'})
    .refine(
      (secret) => secret.isPlaceholder || isPlain(secret.reveal()),
      'has a quote, a backslash or a letter beyond ASCII',
    ),
  /** The option `semiSync` of `mysqlServer`, with `onReplicaLoss: 'stop'`. */
  semiSync: SemiSyncOptions.optional(),
  /**
   * Promote a replica although acknowledged writes may be lost, because replication is asynchronous or goes on without
   * replicas. Default false: without `onReplicaLoss: 'stop'` the role is refused.
   */
  acceptLoss: yesOrNo.default(false),
  /** Seconds without a sign of the primary after which a replica is promoted. Default 30. */
  after: count.min(5, 'must be at least 5').default(30),
  /** Seconds from a promotion, automatic or by hand, within which no other follows by itself. Default 3600. */
  pause: z.int('must be a whole number').min(0, 'must be 0 or more').default(3600),
  /** The servers' family. Default `mariadb`. */
  family: z.enum(['mariadb', 'mysql'], {error: 'must be mariadb or mysql'}).default('mariadb'),
  /** The name of its account. Default `database-failover`. */
  user: plainName.default('database-failover'),
  /** The authority of the servers' certificates, where `mysqlServer` has `tls`: `await authority()`. */
  authority: z
    .custom<Pick<Authority, 'certificate'>>(
      (value) => typeof value === 'object' && value !== null && 'certificate' in value,
      'must be an authority',
    )
    .optional(),
  /** The port of the servers. Default 3306. */
  port: port.default(3306),
  /** The port of their health checks (`databaseHealth`). Default 9200. */
  healthPort: port.default(9200),
  /** The group of the balancers, which decide. Default `lb`. */
  balancers: groupName.default('lb'),
  /** The group of the first primary. Default `primary`. */
  primary: groupName.default('primary'),
  /** The group of the first replicas. Default `replica`. */
  replicas: groupName.default('replica'),
});
