import {z} from 'zod';
import {Secret} from '../../shell/index.js';
import {audiences, groupName, optionsOf, port} from '../shared/options.js';

/** A whole number of at least 1. */
export const count = z.int('must be a whole number').min(1, 'must be at least 1');

const secret = z.instanceof(Secret, {error: 'must be a secret'});

/** A text that is not empty. */
export const name = z
  .string({error: ({input}) => (input === undefined ? 'is missing' : 'must be text')})
  .min(1, 'is empty');

/** A switch. */
export const yesOrNo = z.boolean('must be true or false');

/** The replication user, which is the same for the primary and its replicas. */
const account = {
  /** The user that replicas log in as. Default `replicator`. */
  user: name.default('replicator'),
  /** Its password, at most 32 bytes: `secret('mysql/replicator')`. */
  password: secret,
};

/** The options of a primary. */
export const PrimaryOptions = optionsOf({
  /** The replication user, which is the same for the primary and its replicas. */
  replication: optionsOf(account),
  /** The group of the first primary: later, the servers themselves say which one takes writes. Default `primary`. */
  primary: groupName.default('primary'),
  /** The group of the first replicas. Default `replica`. */
  replicas: groupName.default('replica'),
  /** True where `mysqlServer` has `tls`: users log in only over TLS. Default false: an existing requirement stays. */
  tls: yesOrNo.default(false),
  /** Databases, with the options of the task `mysqlDatabase`. */
  databases: z
    .array(
      optionsOf({
        /** The name of the database; upper and lower case differ. */
        name,
        /** The character set of tables that are made later. */
        characterSet: name.optional(),
        /** The collation of tables that are made later. */
        collation: name.optional(),
      }),
      {error: 'must be a list'},
    )
    .default([]),
  /** The users of the applications, with options of the task `mysqlUser`. */
  users: z
    .array(
      optionsOf({
        /** The user's name, the same from every host. */
        name,
        /** The password, of which only the hash is sent. */
        password: secret,
        /** The group from whose hosts the user may log in. Default `web`. */
        from: groupName.default('web'),
        /** Privileges by database and table: `{'app.*': ['SELECT', 'INSERT']}`. Others are revoked. */
        grants: z.record(z.string(), z.array(z.string())),
        /** Connections at once, from each host. Default: the server's limit for all accounts. */
        maxConnections: count.optional(),
        /** Whether the user logs in only over TLS. Default: `tls`. */
        requireTls: yesOrNo.optional(),
      }),
      {error: 'must be a list'},
    )
    .default([]),
});

/** The options of a replica. */
export const ReplicationOptions = optionsOf({
  ...account,
  /** The group of the first primary. Default `primary`. */
  primary: groupName.default('primary'),
  /** The group of the first replicas. Default `replica`. */
  replicas: groupName.default('replica'),
  /** The primary's port. Default 3306. */
  port: port.default(3306),
  /** True where `mysqlServer` has `tls`: the primary's certificate and its name are verified. Default false. */
  tls: yesOrNo.default(false),
});

/** The options of a database server's health checks. */
export const HealthOptions = optionsOf({
  /** The server's family. Default `mariadb`. */
  family: z.enum(['mariadb', 'mysql'], {error: 'must be mariadb or mysql'}).default('mariadb'),
  /** Who may ask, besides the other database servers: the balancers. Default: the group `lb`. */
  from: audiences.default([{group: 'lb'}]),
  /** The port of the checks. Default 9200. */
  port: port.default(9200),
  /** The most seconds that a healthy replica is behind its primary. Default 30. */
  maxLag: count.default(30),
  /**
   * How many replicas acknowledge each transaction before the client gets its answer: 1 with semi-synchronous
   * replication, 0 (the default) without. After a restart a primary opens writes by itself when this number of replicas
   * confirm that they still follow it; with 0 all of them must.
   */
  acks: z.int('must be a whole number').min(0, 'must be 0 or more').default(0),
  /** The group of the first primary. Default `primary`. */
  primary: groupName.default('primary'),
  /** The group of the first replicas. Default `replica`. */
  replicas: groupName.default('replica'),
});
