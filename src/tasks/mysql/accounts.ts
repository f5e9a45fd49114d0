import {UnreadableReply} from '../../model/index.js';
import type {Reply, Secret} from '../../shell/index.js';
import {account, fromHex, literal, parseMembers, parseRows, type ServerFamily, serverOf} from './client.js';
import {collapseAll, type Grants, parseGrants} from './grants.js';
import {isCachingSha2Of, nativeHash} from './password.js';

/** One account of a user: the same name from one host. */
export interface Account {
  readonly host: string;
  readonly login: Login;
  readonly tls: Tls;
  /** Connections at once; 0: as the server's option file limits all accounts. */
  readonly maxConnections: number;
  /** Empty for a host that was not asked for. */
  readonly grants: Grants;
}

/** How an account logs in: `as set` is the desired password, `socket` the Unix user of the same name. */
type Login = 'as set' | 'different' | 'expired' | 'locked' | 'none' | 'socket';

/**
 * Whether an account may log in without TLS: `required` is REQUIRE SSL, `certificate` asks for one of the client too.
 */
type Tls = 'optional' | 'required' | 'certificate';

/** The error number of SHOW GRANTS for an account that does not exist. */
export const NO_SUCH_GRANT = 1141;

/**
 * Reads all accounts of a name, and the privileges of those from `hosts`. Needs a client that continues after errors.
 */
export function accountsQuery(family: ServerFamily, name: string, hosts: readonly string[]): string {
  return [
    "SELECT 'server', @@version;",
    'SHOW GRANTS;',
    `${ACCOUNTS[family]} WHERE user = ${literal(name)};`,
    ...hosts.map((host) => `SELECT 'grants', HEX(${literal(host)});\nSHOW GRANTS FOR ${account(name, host)};`),
  ].join('\n');
}

const ACCOUNTS: Readonly<Record<ServerFamily, string>> = {
  mariadb: "SELECT 'account', HEX(host), HEX(priv) FROM mysql.global_priv",
  mysql:
    "SELECT 'account', HEX(host), plugin, HEX(authentication_string), account_locked, password_expired, ssl_type, max_user_connections FROM mysql.user",
};

/** How the accounts of a user from these hosts should log in; those from other hosts are not compared. */
export interface DesiredLogin {
  readonly hosts: readonly string[];
  readonly password: Secret | undefined;
}

/** The answer to {@link accountsQuery}, sorted by host. Throws `UnreadableReply`. */
export function parseAccounts(reply: Reply, {hosts, password}: DesiredLogin): Account[] {
  const {family} = serverOf(reply, [NO_SUCH_GRANT]);
  const rows = parseRows(reply.stdout);
  const grants = grantsByHost(rows);
  const read = family === 'mariadb' ? mariadbAccount : mysqlAccount;
  const found = rows.filter(([tag]) => tag === 'account').map(([, host, ...fields]) => ({host: fromHex(host), fields}));
  if (new Set(found.map(({host}) => host)).size < found.length)
    throw new UnreadableReply('the database names an account twice');
  return found
    .flatMap(({host, fields}) => {
      const login = read(fields, hosts.includes(host) ? password : undefined);
      return login ? [{host, ...login, grants: grants.get(host) ?? new Map()}] : [];
    })
    .sort((left, right) => (left.host < right.host ? -1 : 1));
}

/** The rows `GRANT …` belong to the row `grants HOST` above them; those above the first one are root's own. */
function grantsByHost(rows: readonly string[][]): Map<string, Grants> {
  const root: string[] = [];
  const lines = new Map<string, string[]>();
  let current = root;
  for (const [tag = '', hex] of rows) {
    if (tag === 'grants') {
      current = [];
      lines.set(fromHex(hex), current);
    } else if (/^(GRANT|REVOKE) /.test(tag)) current.push(tag);
  }
  const own = parseGrants(root);
  return new Map([...lines].map(([host, each]) => [host, collapseAll(parseGrants(each), own)]));
}

type Found = Pick<Account, 'login' | 'tls' | 'maxConnections'>;

/** What `mysql.global_priv` holds as JSON, of which every member is optional. */
type Priv = ReturnType<typeof parseMembers>;

/** Undefined for a role. `ssl_type`: 0 none, 1 SSL, 2 X509, 3 more than that. */
function mariadbAccount([hex]: readonly string[], password: Secret | undefined): Found | undefined {
  const priv = parseMembers(fromHex(hex));
  if (priv.is_role) return undefined;
  const {ssl_type: tls = 0} = priv;
  return {
    login: mariadbLogin(priv, password),
    tls: tls === 0 ? 'optional' : tls === 1 ? 'required' : 'certificate',
    maxConnections: limitOf(String(priv.max_user_connections ?? 0)),
  };
}

function mariadbLogin(priv: Priv, password: Secret | undefined): Login {
  if (priv.account_locked) return 'locked';
  if (priv.auth_or !== undefined) return 'different';
  if (priv.plugin === 'unix_socket') return 'socket';
  if (!priv.authentication_string) return 'none';
  if (priv.password_last_changed === 0) return 'expired';
  const same =
    priv.plugin === 'mysql_native_password' && password && nativeHash(password).reveal() === priv.authentication_string;
  return same ? 'as set' : 'different';
}

function limitOf(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new UnreadableReply(`the database answers "${text.slice(0, 40)}" as a limit of connections`);
}

function mysqlAccount(
  [plugin, hex, locked, expired, type = '', limit = '0']: readonly string[],
  password: Secret | undefined,
): Found {
  if (expired === undefined) throw new UnreadableReply('the database answers a row that is incomplete');
  const tls = type === '' ? 'optional' : type === 'ANY' ? 'required' : 'certificate';
  return {login: mysqlLogin([plugin, hex, locked, expired], password), tls, maxConnections: limitOf(limit)};
}

function mysqlLogin(
  [plugin, hex = '', locked, expired]: readonly (string | undefined)[],
  password: Secret | undefined,
): Login {
  if (locked === 'Y') return 'locked';
  if (plugin === 'auth_socket') return 'socket';
  if (hex === '') return 'none';
  if (expired === 'Y') return 'expired';
  const same = plugin === 'caching_sha2_password' && password && isCachingSha2Of(Buffer.from(hex, 'hex'), password);
  return same ? 'as set' : 'different';
}
