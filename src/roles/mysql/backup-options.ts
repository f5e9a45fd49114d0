import {z} from 'zod';
import {Secret} from '../../shell/index.js';
import {groupName, optionsOf, plainName, port} from '../shared/options.js';

const count = z.int('must be a whole number').min(1, 'must be at least 1');

const text = z.string({error: ({input}) => (input === undefined ? 'is missing' : 'must be text')});

const directory = text.regex(/^\/[\w./-]*[\w-]$/, 'must be an absolute path of letters, digits, ".", "_" and "-"');

const recipient = text.regex(/^age1[ac-hj-np-z02-9]{58}$/, 'must be an age recipient: 62 characters from age1 on');

const timeOfDay = text.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 02:30');

const publicKey = text.regex(/^(ssh-|ecdsa-)\S+ \S+/, 'must be a public host key: ssh-ed25519 AAAA…');

/** How an SSH server is reached that keeps the backups. */
const Destination = optionsOf({
  /** A host of the inventory. Put the role in a play for it too: it then gets the user, the directory and retention. */
  host: plainName,
  /** Where the backups are. Default `/var/backups/infra-database`. */
  directory: directory.default('/var/backups/infra-database'),
  /** The user for them, with no other use. Default `database-backup`. */
  user: plainName.default('database-backup'),
  /** The port of its SSH server. Default: that of the inventory. */
  port: port.optional(),
  /** From which each database server's SSH key follows: `secret('backup/ssh')`. */
  key: z.instanceof(Secret, {error: 'must be a secret'}),
  /** The line of its `/etc/ssh/ssh_host_ed25519_key.pub`. Default: the key of the first connection is trusted. */
  hostKey: publicKey.optional(),
});

/** The options of backups. */
export const BackupOptions = optionsOf({
  /** The server's family. Default `mariadb`. */
  family: z.enum(['mariadb', 'mysql'], {error: 'must be mariadb or mysql'}).default('mariadb'),
  /**
   * The age recipients (`age1…`) who can decrypt the backups: at least one, better two, kept in two places. Those of the
   * project: `await recipients()`.
   */
  recipients: z
    .array(recipient, {error: 'must be a list of age recipients'})
    .min(1, 'must name at least one')
    .readonly(),
  /** How its files begin, where several databases share a destination. Default `database`. */
  name: z
    .string('must be text')
    .regex(/^[A-Za-z0-9_]+$/, 'must have only letters, digits and "_"')
    .default('database'),
  /** The times of day in UTC, as `02:30`. Default 02:30. */
  at: z.array(timeOfDay, 'must be a list of times').min(1, 'must name at least one').default(['02:30']),
  /** On the database servers: where the backups are, unless `to` is given. Default `/var/backups/infra-database`. */
  directory: directory.default('/var/backups/infra-database'),
  /** Another host that keeps the backups, in place of `directory`. It is reached by SSH. */
  to: Destination.optional(),
  /** How long they are kept; all of the last two days, and the newest, in any case. */
  keep: optionsOf({
    /** The first backup of each of the last days. Default 7. */
    daily: count.default(7),
    /** The first backup of each of the last weeks. Default 5. */
    weekly: count.default(5),
    /** The first backup of each of the last months. Default 6. */
    monthly: count.default(6),
  }).prefault({}),
  /** Ship binary logs too, for a restore to any point in time; every 5 minutes. Default false. */
  binaryLogs: z.boolean('must be true or false').default(false),
  /** The group of all database servers, in the order in which their replicas are chosen. Default `db`. */
  servers: groupName.default('db'),
  /** The port of `databaseHealth`, by which the servers ask each other whose turn it is. Default 9200. */
  healthPort: port.default(9200),
});
