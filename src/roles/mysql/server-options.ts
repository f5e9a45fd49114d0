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
   * Names and addresses that clients verify besides the server's inventory name and address: those of the balancers
   * through which they connect.
   */
  names: z.array(name, {error: 'must be a list'}).default([]),
  /** Refuse connections without TLS over the network. Default true; false while a running site moves to TLS. */
  require: yesOrNo.default(true),
});

/** Whether the primary waits for replicas before it acknowledges a write. */
export const SemiSyncOptions = optionsOf({
  /** How many replicas must have a write before the client is told that it is done. MariaDB: 1 only. Default 1. */
  acks: count.default(1),
  /**
   * When too few replicas answer: `stop` lets writes wait until they do, so that no acknowledged write is lost with the
   * primary; `degrade` acknowledges them without after `degradeAfter`, and then such a write may be lost.
   */
  onReplicaLoss: z.enum(['stop', 'degrade'], {error: 'must be stop or degrade'}),
  /** Seconds that a write waits at most, with `degrade`. Default 10. */
  degradeAfter: count.max(3600, 'must be at most 3600').optional(),
});

/** MiB. */
const mebibytes = (least: number) => count.min(least, `must be at least ${least}`);

/** The options of a database server. */
export const ServerOptions = optionsOf({
  /** MySQL only where the distribution has it. Default `mariadb`. */
  family: z.enum(['mariadb', 'mysql'], {error: 'must be mariadb or mysql'}).default('mariadb'),
  /** The port on which it listens. Default 3306. */
  port: port.default(3306),
  /**
   * A port with connections of its own, for when all others are taken: of 127.0.0.1 on MySQL, of all its addresses on
   * MariaDB, where the firewall does not open it. Default 33062.
   */
  adminPort: port.default(33_062),
  /** The group of the replicas, which take writes only from their primary. Default `replica`. */
  replicas: groupName.default('replica'),
  /** The group of the primary, the only server that takes writes. Default `primary`. */
  primary: groupName.default('primary'),
  /** Who may connect, besides the primary and its replicas. Default: the group `web`. */
  from: audiences.default([{group: 'web'}]),
  /** Applications and replicas must connect by TLS. Default: as the package has it. */
  tls: TlsOptions.optional(),
  /** Writes wait for replicas, whichever server is the primary. Default: they do not (asynchronous replication). */
  semiSync: SemiSyncOptions.optional(),
  /** MiB of memory that the sizes are for. Less where the host has other roles. Default: the host's memory. */
  memory: mebibytes(256).optional(),
  /**
   * MiB of InnoDB's buffer pool. Default: half of the memory that 256 MiB for the system and 1 MiB a connection leave,
   * from 128 to 65536.
   */
  bufferPool: mebibytes(5).optional(),
  /** MiB of InnoDB's redo log. Default: a quarter of the buffer pool, from 128 to 2048. */
  redoLog: mebibytes(8).optional(),
  /** Clients at once. One account gets a tenth less, at most 20, so that others come in. Default 200. */
  maxConnections: count.default(200),
  /** Days that binary logs are kept: longer than any replica is down; new replicas need all of them. Default 30. */
  binlogDays: count.max(99, 'must be at most 99').default(30),
  /**
   * MiB of binary logs, of which a timer purges the oldest; while a replica is away it purges none until less than 5 % of
   * the disk is free. Default: a quarter of the file system.
   */
  binlogSize: mebibytes(200).optional(),
  /**
   * MiB of binary logs that the server itself never exceeds by more than a file, though a replica that is away must be
   * seeded again then (MariaDB 11.4 and newer). Default: no such limit.
   */
  binlogLimit: mebibytes(200).optional(),
  /** Seconds after which a statement is written to the slow log, `/var/log/mysql/slow.log`. Default 2. */
  slowSeconds: z.number('must be a number').min(0, 'must be at least 0').default(2),
  /** The collation of new databases; the character set is utf8mb4. Default: what the release's server recommends. */
  collation: name.regex(/^utf8mb4_\w+$/, 'must begin with utf8mb4_').optional(),
});
