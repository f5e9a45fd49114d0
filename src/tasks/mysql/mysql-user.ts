import {type Attribute, check, defineTask, optionsOf, Unknown} from '../../model/index.js';
import type {Command, Reply, Secret} from '../../shell/index.js';
import {presence} from '../shared/checks.js';
import {type Account, accountsQuery, type DesiredLogin, NO_SUCH_GRANT, parseAccounts} from './accounts.js';
import {
  account,
  askServer,
  ROWS,
  readServer,
  runStatements,
  type ServerFamily,
  type Statements,
  serverOf,
} from './client.js';
import {grantStatements, parseDesiredGrants, renderGrants} from './grants.js';
import {cachingSha2Hash, nativeHash} from './password.js';

/** A user of MariaDB or MySQL with all its accounts, one a host it may come from. */
export interface MysqlUserSpec {
  /** Without a host: that is `hosts`. */
  readonly name: string;
  /**
   * Where it may come from: addresses, `localhost` for the socket, patterns such as `10.1.2.%`. Accounts of this name
   * from other hosts are dropped, so a server that leaves the inventory loses its access. `%` has to be written out.
   */
  readonly hosts?: readonly string[];
  /** Stored by the server as a hash that is made here: the clear text is never sent. */
  readonly password?: Secret;
  /** In place of a password: the Unix user of the same name, from `localhost`. */
  readonly socket?: boolean;
  /**
   * True: it logs in over TLS only; false: over plain text too. Left out, it is left as it is. `localhost`, which is
   * the socket, does not need it and is left alone.
   */
  readonly requireTls?: boolean;
  /** Connections at once, from each host. Left out, it is left as it is: the server's option file limits all accounts. */
  readonly maxConnections?: number;
  /**
   * Privileges by place, `{'app.*': ['SELECT', 'INSERT'], '*.*': ['PROCESS'], 'app.t': ['UPDATE (a)']}`, compared both
   * ways: what is not listed is revoked, roles too. Left out, they are left alone.
   */
  readonly grants?: Readonly<Record<string, readonly string[]>>;
  /** `absent` drops every account of this name. */
  readonly state?: 'present' | 'absent';
}

/** `hosts`, and for each host `password`, `tls`, `connections` and `grants` `at HOST`. */
type Accounts = Record<string, Attribute>;

/**
 * A user, read and changed as root over the server's socket. Changes replicate: use it on the primary only.
 *
 * @example
 * mysqlUser({name: 'app', hosts: ['192.0.2.11'], password: secret('mysql/app'), grants: {'app.*': ['SELECT', 'INSERT']}})
 */
export const mysqlUser = defineTask<MysqlUserSpec, Accounts>({
  type: 'mysqlUser',
  options: optionsOf<MysqlUserSpec>({
    name: check.text,
    hosts: check.optional(check.list(check.text)),
    password: check.optional(check.secret),
    socket: check.optional(check.flag),
    requireTls: check.optional(check.flag),
    maxConnections: check.optional(check.wholeNumber(1)),
    grants: check.optional(check.record(check.list(check.text))),
    state: presence,
  }),
  id: ({name}) => name,
  refuse,
  probe: ({name, hosts = []}) => {
    const lowered = hosts.map((host) => host.toLowerCase());
    const [mariadb, mysql] = [accountsQuery('mariadb', name, lowered), accountsQuery('mysql', name, lowered)];
    return askServer({mariadb, mysql}, [...ROWS, '--force']);
  },
  parse: (reply, spec) => {
    const server = readServer(reply, [NO_SUCH_GRANT]);
    if (server instanceof Unknown) return server;
    const accounts = parseAccounts(reply, desiredLogin(spec));
    if (accounts.length === 0) return null;
    return spec.state === 'absent' ? {hosts: accounts.map(({host}) => host)} : stateOf(accounts);
  },
  desire: ({state, hosts = [], socket, grants, requireTls, maxConnections}) => {
    if (state === 'absent') return null;
    const desired = grants && renderGrants(parseDesiredGrants(grants));
    const attributes = sorted(hosts).flatMap((host): [string, Attribute][] => [
      [`password at ${host}`, socket ? 'socket' : 'as set'],
      [`tls at ${host}`, desiredTls(requireTls, host)],
      [`connections at ${host}`, maxConnections],
      [`grants at ${host}`, desired],
    ]);
    return {hosts: sorted(hosts), ...Object.fromEntries(attributes)};
  },
  change: (spec, to, _present, reply) => [to === null ? drop(spec, reply) : converge(spec, reply)],
  affects: ({name}) => [`mysql:user ${name}`],
});

function desiredLogin({hosts = [], password}: MysqlUserSpec): DesiredLogin {
  return {hosts: sorted(hosts), password};
}

const sorted = (hosts: readonly string[]) => [...new Set(hosts.map((host) => host.toLowerCase()))].sort();

function desiredTls(requireTls: boolean | undefined, host: string): keyof typeof REQUIRE | undefined {
  if (requireTls === undefined || host === 'localhost') return undefined;
  return requireTls ? 'required' : 'optional';
}

function stateOf(accounts: readonly Account[]): Accounts {
  const attributes = accounts.flatMap(({host, login, tls, maxConnections, grants}): [string, Attribute][] => [
    [`password at ${host}`, login],
    [`tls at ${host}`, tls],
    [`connections at ${host}`, maxConnections],
    [`grants at ${host}`, renderGrants(grants)],
  ]);
  return {hosts: accounts.map(({host}) => host), ...Object.fromEntries(attributes)};
}

function drop(spec: MysqlUserSpec, reply: Reply): Command {
  const accounts = parseAccounts(reply, desiredLogin(spec)).map(({host}) => account(spec.name, host));
  return runStatements(serverOf(reply, [NO_SUCH_GRANT]).family, [`DROP USER ${accounts.join(', ')};`]);
}

function converge(spec: MysqlUserSpec, reply: Reply): Command {
  const {family} = serverOf(reply, [NO_SUCH_GRANT]);
  const accounts = parseAccounts(reply, desiredLogin(spec));
  const hosts = sorted(spec.hosts ?? []);
  const left = accounts.filter(({host}) => !hosts.includes(host));
  return runStatements(family, [
    ...hosts.flatMap((host) =>
      accountStatements(
        spec,
        family,
        host,
        accounts.find((each) => each.host === host),
      ),
    ),
    ...left.map(({host}) => `DROP USER ${account(spec.name, host)};\n`),
  ]);
}

function accountStatements(
  spec: MysqlUserSpec,
  family: ServerFamily,
  host: string,
  present: Account | undefined,
): Statements {
  const name = account(spec.name, host);
  const logsIn = present?.login === (spec.socket ? 'socket' : 'as set');
  const tls = desiredTls(spec.requireTls, host);
  const requires = tls === undefined || tls === (present?.tls ?? 'optional') ? '' : REQUIRE[tls];
  const most = spec.maxConnections ?? present?.maxConnections ?? 0;
  const limits = most === (present?.maxConnections ?? 0) ? '' : ` WITH MAX_USER_CONNECTIONS ${most}`;
  return [
    ...(present ? [] : [`CREATE USER ${name}`, ...identified(spec, family, host), `${requires}${limits};\n`]),
    ...(present && !logsIn ? [`ALTER USER ${name}`, ...identified(spec, family, host), ' ACCOUNT UNLOCK;\n'] : []),
    ...(present && (requires || limits) ? [`ALTER USER ${name}${requires}${limits};\n`] : []),
    ...(spec.grants ? grantStatements(name, present?.grants ?? new Map(), parseDesiredGrants(spec.grants)) : []),
  ];
}

const REQUIRE = {optional: ' REQUIRE NONE', required: ' REQUIRE SSL'} as const;

function identified({name, password, socket}: MysqlUserSpec, family: ServerFamily, host: string): Statements {
  if (socket || password === undefined) {
    return [family === 'mariadb' ? ' IDENTIFIED VIA unix_socket' : ' IDENTIFIED WITH auth_socket'];
  }
  return family === 'mariadb'
    ? [" IDENTIFIED VIA mysql_native_password USING '", nativeHash(password), "'"]
    : [' IDENTIFIED WITH caching_sha2_password AS 0x', cachingSha2Hash(password, `${name}@${host}`)];
}

function refuse({name, hosts = [], password, socket, grants, state}: MysqlUserSpec): string | undefined {
  if (name === '' || name.length > 80) return `"${name}" cannot be the name of a user`;
  if (OWN.includes(name)) return `${name} is the server's own: without it the server cannot be administered`;
  if (state === 'absent') return undefined;
  if (hosts.length === 0) return `user ${name}: list in hosts where it may come from ('%' for anywhere)`;
  if (hosts.includes('')) return `user ${name}: a host is empty`;
  if ((password === undefined) === !socket) return `user ${name}: give either a password or socket: true`;
  if (password?.reveal() === '') return `user ${name}: its password is empty`;
  if (socket && hosts.some((host) => host.toLowerCase() !== 'localhost')) {
    return `user ${name}: only localhost is reached over the socket`;
  }
  return faultOf(grants ?? {});
}

function faultOf(grants: Readonly<Record<string, readonly string[]>>): string | undefined {
  try {
    parseDesiredGrants(grants);
    return undefined;
  } catch (error) {
    return error instanceof TypeError ? error.message : String(error);
  }
}

const OWN = ['root', 'mysql', 'debian-sys-maint', 'mariadb.sys', 'mysql.sys', 'mysql.session', 'mysql.infoschema'];
