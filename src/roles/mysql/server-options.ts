import {z} from 'zod';
import type {Authority} from '../../model/index.js';
import type {CertificateSource} from '../certificates/index.js';
import {audiences, groupName, optionsOf, port} from '../shared/options.js';
import {count, name, yesOrNo} from './options.js';

const source = z.custom<CertificateSource>(
  (value) => typeof value === 'object' && value !== null && 'certificate' in value,
  'must be an authority, or a certificate with its key',
);

const authority = z.custom<Pick<Authority, 'certificate'>>(
  (value) => typeof value === 'object' && value !== null && 'certificate' in value,
  'must be an authority',
);

/** The TLS options of a server. */
const TlsOptions = optionsOf({
  /** The project's authority, or this server's own certificate and key. */
  certificate: source,
  /** The authority that replicas trust. Default: the one in `certificate`. */
  authority: authority.optional(),
  /**
   * Names that clients verify besides the server's inventory name and address: the name of the balancer through which
   * they connect.
   */
  names: z.array(name, {error: 'must be a list'}).default([]),
  /** Refuse connections without TLS over the network. Default true; false while a running site moves to TLS. */
  require: yesOrNo.default(true),
});

/** The options of a database server. */
export const ServerOptions = optionsOf({
  /** MySQL only where the distribution has it. Default `mariadb`. */
  family: z.enum(['mariadb', 'mysql'], {error: 'must be mariadb or mysql'}).default('mariadb'),
  /** The port on which it listens. Default 3306. */
  port: port.default(3306),
  /** The group of the replicas, which take writes only from their primary. Default `replica`. */
  replicas: groupName.default('replica'),
  /** The group of the primary, the only server that takes writes. Default `primary`. */
  primary: groupName.default('primary'),
  /** Who may connect, besides the primary and its replicas. Default: the group `web`. */
  from: audiences.default([{group: 'web'}]),
  /** Applications and replicas must connect by TLS. Default: as the package has it. */
  tls: TlsOptions.optional(),
  /** MiB of InnoDB's buffer pool. Default: an eighth of the memory, a power of two from 128 to 512. */
  bufferPool: count.min(5, 'must be at least 5').optional(),
  /** Clients at once. Default 200. */
  maxConnections: count.default(200),
  /** Days that binary logs are kept: longer than any replica is down; new replicas need all of them. Default 30. */
  binlogDays: count.max(99, 'must be at most 99').default(30),
});
