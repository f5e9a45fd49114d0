import {defineTask, optionsOf, Unknown} from '../../model/index.js';
import type {Reply} from '../../shell/index.js';
import {
  account,
  askServer,
  fromHex,
  isMembers,
  parseMembers,
  parseRows,
  readServer,
  runStatements,
  type ServerFamily,
  serverOf,
} from './client.js';

/** No options: it is the same for every server. */
export type MysqlSecureInstallationSpec = Readonly<Record<never, never>>;

interface InstallationState {
  /** Accounts without a user name. */
  anonymous: readonly string[];
  /** Accounts of root that are not `localhost`, which is the socket. */
  remoteRoots: readonly string[];
  rootLogin: 'socket' | 'other';
  testDatabase: 'absent' | 'empty' | 'in use';
}

/**
 * What `mysql_secure_installation` asks for (CIS benchmarks for MySQL and MariaDB; dev-sec mysql-db-03, -04, -08): no
 * anonymous account, root from this host alone and as the system's root, no database `test`. One that holds tables is
 * somebody's data and stays. Accounts that log in over the socket, the server's own too, are left alone. Changes
 * replicate: use it on the primary only.
 *
 * @example
 * mysqlSecureInstallation({})
 */
export const mysqlSecureInstallation = defineTask<MysqlSecureInstallationSpec, InstallationState>({
  type: 'mysqlSecureInstallation',
  options: optionsOf<MysqlSecureInstallationSpec>({}),
  id: () => 'accounts',
  probe: () => askServer({mariadb: `${ACCOUNTS.mariadb}\n${TEST}`, mysql: `${ACCOUNTS.mysql}\n${TEST}`}),
  parse: (reply) => {
    const server = readServer(reply);
    if (server instanceof Unknown) return server;
    const rows = rootRows(reply);
    const local = rows.find(({name, host}) => name === 'root' && host === 'localhost');
    return {
      anonymous: namesOf(rows, ({name}) => name === ''),
      remoteRoots: namesOf(rows, ({name, host}) => name === 'root' && host !== 'localhost'),
      rootLogin: local === undefined || isSocketOnly(server.family, local) ? 'socket' : 'other',
      testDatabase: testOf(reply),
    };
  },
  desire: (_, present) => ({
    anonymous: [],
    remoteRoots: [],
    rootLogin: 'socket',
    ...(present?.testDatabase === 'empty' && {testDatabase: 'absent' as const}),
  }),
  change: (_, to, __, reply) => {
    const {family} = serverOf(reply);
    const strangers = rootRows(reply).filter(({name, host}) => name === '' || host !== 'localhost');
    const statements = [
      ...strangers.map(({name, host}) => `DROP USER ${account(name, host)};`),
      ...(to?.rootLogin === undefined ? [] : [`ALTER USER ${account('root', 'localhost')} ${SOCKET[family]};`]),
      ...(to?.testDatabase === undefined ? [] : ['DROP DATABASE test;']),
    ];
    return [runStatements(family, [statements.join('\n')])];
  },
});

const ACCOUNTS = {
  mariadb: `SELECT 'server', @@version;
SELECT 'account', HEX(user), HEX(host), HEX(priv) FROM mysql.global_priv
WHERE user IN ('', 'root') AND host <> '' ORDER BY user, host;`,
  mysql: `SELECT 'server', @@version;
SELECT 'account', HEX(user), HEX(host), HEX(plugin) FROM mysql.user WHERE user IN ('', 'root') ORDER BY user, host;`,
} as const;

const TEST = `SELECT 'test', COUNT(table_name) FROM information_schema.schemata
LEFT JOIN information_schema.tables ON table_schema = schema_name WHERE schema_name = 'test' GROUP BY schema_name;`;

/** As Debian makes root: on MariaDB with a password that nothing matches, for old tools. */
const SOCKET = {
  mariadb: "IDENTIFIED VIA mysql_native_password USING 'invalid' OR unix_socket",
  mysql: 'IDENTIFIED WITH auth_socket',
} as const;

function rootRows(reply: Reply): RootRow[] {
  return parseRows(reply.stdout)
    .filter(([tag]) => tag === 'account')
    .map(([, name, host, login]) => ({name: fromHex(name), host: fromHex(host), login: fromHex(login)}));
}

function namesOf(rows: readonly RootRow[], wanted: (row: RootRow) => boolean): string[] {
  return rows.filter(wanted).map(({name, host}) => `'${name}'@${host}`);
}

function testOf(reply: Reply): InstallationState['testDatabase'] {
  const row = parseRows(reply.stdout).find(([tag]) => tag === 'test');
  if (row === undefined) return 'absent';
  return row[1] === '0' ? 'empty' : 'in use';
}

/** An account of root, or one without a user name. */
interface RootRow {
  readonly name: string;
  readonly host: string;
  /** What it logs in with: MySQL's plugin, MariaDB's JSON. */
  readonly login: string;
}

/** Whether only the system's root can log in. A method of MariaDB whose hash is `invalid` accepts no password. */
function isSocketOnly(family: ServerFamily, {login}: RootRow): boolean {
  if (family === 'mysql') return login === 'auth_socket';
  const priv = parseMembers(login);
  const others = Array.isArray(priv.auth_or) ? priv.auth_or.filter(isMembers) : [];
  // An empty object among the alternatives stands for the method next to them.
  const methods = [priv, ...others].filter(({plugin}) => plugin !== undefined);
  return methods.every(({plugin, authentication_string: hash}) => plugin === 'unix_socket' || hash === 'invalid');
}
