import {z} from 'zod';
import type {Authority} from '../../model/index.js';
import {Secret} from '../../shell/index.js';
import type {CertificateSource} from '../certificates/index.js';
import {audiences, groupName, optionsOf, port} from '../shared/options.js';

const count = z.int('must be a whole number').min(1, 'must be at least 1');

const secret = z.instanceof(Secret, {error: "must be a secret: secret('name') of the playbook"});

const name = z.string({error: ({input}) => (input === undefined ? 'is missing' : 'must be text')}).min(1, 'is empty');

const yesOrNo = z.boolean('must be true or false');

const source = z.custom<CertificateSource>(
  (value) => typeof value === 'object' && value !== null && 'certificate' in value,
  'must be an authority, or a certificate with its key',
);

const authority = z.custom<Pick<Authority, 'certificate'>>(
  (value) => typeof value === 'object' && value !== null && 'certificate' in value,
  'must be an authority',
);

/** How a server speaks TLS. */
const TlsOptions = optionsOf({
  /** The project's authority, or this server's own certificate and key. */
  certificate: source,
  /** Whose certificates replicas trust. Default: the authority in `certificate`. */
  authority: authority.optional(),
  /**
   * Further names that clients verify, beside the server's inventory name and address: that of a balancer's address
   * through which they connect.
   */
  names: z.array(name, {error: 'must be a list'}).default([]),
  /** Refuse plain text over the network. Default true; false while the applications of an old site move to TLS. */
  require: yesOrNo.default(true),
});

/** What a database server can be told. */
export const ServerOptions = optionsOf({
  /** MySQL only where the distribution has it. Default `mariadb`. */
  family: z.enum(['mariadb', 'mysql'], {error: 'must be mariadb or mysql'}).default('mariadb'),
  /** Where it listens. Default 3306. */
  port: port.default(3306),
  /** Hosts of this group take no writes but their primary's. Default `replica`. */
  replicas: groupName.default('replica'),
  /** The group of the one server that takes writes. Default `primary`. */
  primary: groupName.default('primary'),
  /** Who connects to it, beside the primary and its replicas. Default: the group `web`. */
  from: audiences.default([{group: 'web'}]),
  /** Default: as the package has it. The applications' and the replicas' connections are made TLS alone by this. */
  tls: TlsOptions.optional(),
  /** MiB of InnoDB's buffer pool. Default: an eighth of the memory, a power of two from 128 to 512. */
  bufferPool: count.min(5, 'must be at least 5').optional(),
  /** Clients at once. Default 200. */
  maxConnections: count.default(200),
  /** Days that binary logs are kept: longer than any replica is away; new replicas need all of them. Default 30. */
  binlogDays: count.max(99, 'must be at most 99').default(30),
});

/** The user that replicas log in as; the same for the primary and its replicas. */
const account = {
  /** The user that replicas log in as. Default `replicator`. */
  user: name.default('replicator'),
  /** At most 32 bytes: `secret('mysql/replicator')`. */
  password: secret,
};

/** What a primary can be told. */
export const PrimaryOptions = optionsOf({
  /** The same for the primary and its replicas. */
  replication: optionsOf(account),
  /** The group of the one server that takes writes. Default `primary`. */
  primary: groupName.default('primary'),
  /** Whose addresses the replication user may come from. Default `replica`. */
  replicas: groupName.default('replica'),
  /** True where `mysqlServer` has `tls`: its users log in over TLS only. Default false: what they have is left alone. */
  tls: yesOrNo.default(false),
  /** As with the task `mysqlDatabase`. */
  databases: z
    .array(
      optionsOf({
        /** Upper and lower case differ. */
        name,
        /** For tables to come. */
        characterSet: name.optional(),
        /** For tables to come. */
        collation: name.optional(),
      }),
      {error: 'must be a list'},
    )
    .default([]),
  /** Those of the applications, as with the task `mysqlUser`. */
  users: z
    .array(
      optionsOf({
        /** The same from every host. */
        name,
        /** Only its hash is sent. */
        password: secret,
        /** The group whose hosts it may come from. Default `web`. */
        from: groupName.default('web'),
        /** Privileges by place: `{'app.*': ['SELECT', 'INSERT']}`. What is not listed is revoked. */
        grants: z.record(z.string(), z.array(z.string())),
        /** Logs in over TLS only. Default: as `tls` says for all. */
        requireTls: yesOrNo.optional(),
      }),
      {error: 'must be a list'},
    )
    .default([]),
});

/** What a replica can be told. */
export const ReplicationOptions = optionsOf({
  ...account,
  /** The group of the one server that takes writes. Default `primary`. */
  primary: groupName.default('primary'),
  /** The primary's. Default 3306. */
  port: port.default(3306),
  /** True where `mysqlServer` has `tls`: the primary's certificate and its name are verified. Default false. */
  tls: yesOrNo.default(false),
});

/** What the health checks of a database server can be told. */
export const HealthOptions = optionsOf({
  /** As the server's. Default `mariadb`. */
  family: z.enum(['mariadb', 'mysql'], {error: 'must be mariadb or mysql'}).default('mariadb'),
  /** Who asks: the balancers. Default: the group `lb`. */
  from: audiences.default([{group: 'lb'}]),
  /** Where balancers ask. Default 9200. */
  port: port.default(9200),
  /** Seconds behind its primary from which on a replica counts as unfit. Default 30. */
  maxLag: count.default(30),
  /** The group of the one server that takes writes. Default `primary`. */
  primary: groupName.default('primary'),
});
