import {z} from 'zod';
import {type Authority, bareAddress, type Handler, isAddress} from '../../model/index.js';
import {Secret} from '../../shell/index.js';
import {groupName, optionsOf, plainName, port} from '../shared/options.js';

const text = z.string({error: ({input}) => (input === undefined ? 'is missing' : 'must be text')}).min(1, 'is empty');

/**
 * Three formats quote differently: option files, environment files of systemd, and shells that read the latter. A
 * password of printable ASCII without quotes and backslashes is the same in all of them.
 */
const isPortable = (clear: string) => /^[\x20\x21\x23-\x26\x28-\x5b\x5d-\x7e]*$/.test(clear);

const password = z
  .instanceof(Secret, {error: 'must be a secret'})
  .refine(
    (secret) => secret.isPlaceholder || isPortable(secret.reveal()),
    'has a quote, a backslash or a letter beyond ASCII, which the files of clients do not all write alike',
  );

/** Names that stand unquoted in the files. */
const plainText = text.regex(/^[\w.-]+$/, 'must have only letters, digits, "-", "_" and "."');

/** A login of an account that `mysqlPrimary` makes. */
const account = optionsOf({
  /** The user's name in the database. */
  name: plainText,
  /** The same secret as at `mysqlPrimary`, without quotes and backslashes. */
  password,
});

const address = text
  .refine(isAddress, 'must be an address such as 192.0.2.100 or 2001:db8::100')
  .transform((address) => bareAddress(address));

const isHandler = (value: unknown) => typeof value === 'object' && value !== null && 'command' in value;

const notify = z.custom<Handler | readonly Handler[]>(
  (value) => [value].flat().every(isHandler),
  "must be handlers such as restart('app')",
);

/** The options of a client of the database. */
export const ClientOptions = optionsOf({
  /** The Unix user of the application. It must exist: the role does not make it. */
  user: plainName,
  /** A group of this user, which may read the application's credentials. Default: the group with the user's name. */
  group: plainName.optional(),
  /** The name by which clients reach and verify the database: one of `tls.names` of `mysqlServer`. */
  name: text.regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'must be a host name in lower case, such as db.example.org'),
  /**
   * The address that the balancers share, or several: those of the IP family of the host's own address are used. Default:
   * the address of each balancer; clients try them in turn.
   */
  address: z
    .union([address.transform((only) => [only]), z.array(address).min(1, 'is empty')], {error: 'must be addresses'})
    .optional(),
  /** The group of the balancers. Default `lb`. */
  balancers: groupName.default('lb'),
  /** The database. */
  database: plainText,
  /** The account of the application. */
  account,
  /** The account that changes tables, which `mysqlPrimary` makes with `['ALL PRIVILEGES']`. Default: none. */
  migrations: account.optional(),
  /** The authority that issued the certificates of the database servers: `await authority()`. */
  authority: z.custom<Pick<Authority, 'certificate'>>(
    (value) => typeof value === 'object' && value !== null && 'certificate' in value,
    'must be an authority',
  ),
  /** The balancers' port for writes, which leads to the primary. Default 3306. */
  writePort: port.default(3306),
  /** The balancers' port for reads, which leads to a replica. Default 3307. */
  readPort: port.default(3307),
  /** The family of the command-line client of this host, for which the option files are. Default `mariadb`. */
  family: z.enum(['mariadb', 'mysql'], {error: 'must be mariadb or mysql'}).default('mariadb'),
  /**
   * Parameters of `DATABASE_URL` and `DATABASE_READ_URL`, for frameworks that want a URL: `{sslca: CA}`. Each library has
   * other names for the file of the authority, and without the right ones it connects unverified. Default: no URLs.
   */
  url: z.record(plainText, text, {error: 'must be names with values'}).optional(),
  /** What has the application use new credentials: `restart('app')`. */
  notify: notify.default([]),
});
