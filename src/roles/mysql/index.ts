import type {z} from 'zod';
import {
  atLeast,
  type DatabaseServerDeclaration,
  defineRole,
  type Facts,
  type Host,
  InputError,
  listens,
  type RoleContext,
  versionsOf,
} from '../../model/index.js';
import {
  directory,
  file,
  packages,
  permissions,
  restartServer,
  SEED_PORT,
  service,
  template,
} from '../../tasks/index.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';
import {diskGuard} from './disk-guard.js';
import {familyOf} from './family.js';
import {semiSyncVariables} from './promise.js';
import {ServerOptions} from './server-options.js';
import {sizesOf} from './sizing.js';
import {TLS_FILES, tlsFiles, tlsVariables} from './tls.js';
import {addressOf, serverGroups, serverId} from './topology.js';

/**
 * A server of MariaDB or MySQL, for the primary and for the replicas: package, option file, service. It listens on the
 * host's address of the inventory and on 127.0.0.1, keeps binary logs with GTID, and starts read-only on every host:
 * `mysqlPrimary` has the primary take writes. With `tls` it has a certificate and refuses connections without TLS over the network. Put it in a
 * play of its own: a changed option file restarts the server at the end of the play.
 *
 * @example
 * mysqlServer({family: 'mariadb', tls: {certificate: await authority()}})
 */
export const mysqlServer = defineRole('mysqlServer', ServerOptions, (options, context) => {
  const {host, facts} = context;
  const family = familyOf(options.family, host, facts);
  const unitDirectory = `/etc/systemd/system/${family.service}.service.d`;
  return [
    declared(options),
    listens({tcp: options.port, from: peersOf(options, context), because: 'database clients and replicas'}),
    ...copiesFrom(options, context),
    directory({path: unitDirectory, mode: '0755'}),
    file({path: `${unitDirectory}/infra.conf`, content: AFTER_NETWORK, mode: '0644', notify: RELOAD_SYSTEMD}),
    packages([family.package, ...family.copies, 'logrotate']),
    permissions({path: '/var/lib/mysql', ...PRIVATE}),
    family.hasImportDirectory
      ? permissions({path: IMPORT_DIRECTORY, ...PRIVATE})
      : directory({path: IMPORT_DIRECTORY, mode: PRIVATE.most, owner: PRIVATE.owner, group: PRIVATE.group}),
    // MySQL's package makes it.
    ...(options.family === 'mariadb' ? [directory({path: LOG_DIRECTORY, ...LOGS})] : []),
    ...tlsFiles(options, context),
    template({
      path: family.optionFile,
      source: family.template,
      vars: variables(options, context),
      mode: '0644',
      validate: family.validate,
      notify: restartServer(options.family, family.service),
    }),
    service({name: family.service, ports: [options.port]}),
    ...diskGuard(options, family.service, context),
  ];
});

type Options = z.output<typeof ServerOptions>;

/** What `infra db` has to know. */
function declared({family, port, tls, semiSync, primary, replicas}: Options): DatabaseServerDeclaration {
  const authority = tls && TLS_FILES.authority;
  const {acks = 0, onReplicaLoss} = semiSync ?? {};
  return {declares: 'database-server', family, port, authority, acks, onReplicaLoss, primary, replicas};
}

/**
 * The servers themselves: a replica connects to its primary, and the other way after they swap roles; a new one gets a
 * copy of another one's data.
 */
function peersOf({from, ...groups}: Options, context: RoleContext) {
  return [...from, ...serverGroups(groups, context)];
}

/** A new replica takes a copy of another server at this port; nothing listens there but while it does. */
function copiesFrom(options: Options, context: RoleContext) {
  const from = serverGroups(options, context);
  return from.length === 0 ? [] : listens({tcp: SEED_PORT, from, because: 'the copy of a server for a new replica'});
}

/** Only the server reads its files (CIS; dev-sec mysql-conf-04). */
const PRIVATE = {most: '0700', owner: 'mysql', group: 'mysql'} as const;

/** The one directory that LOAD DATA INFILE reads and SELECT … INTO OUTFILE writes. */
const IMPORT_DIRECTORY = '/var/lib/mysql-files';

/** Where the packages rotate `*.log`: MariaDB's no longer makes it. */
const LOG_DIRECTORY = '/var/log/mysql';
const LOGS = {mode: '0750', owner: 'mysql', group: 'adm'} as const;

function variables(options: Options, context: RoleContext) {
  const {host, facts, inventory} = context;
  const {family, port, adminPort, maxConnections, binlogDays, binlogLimit, slowSeconds} = options;
  const versions = versionsOf(facts);
  return {
    ...{port, adminPort, maxConnections, binlogDays, binlogLimit, slowSeconds},
    ...sizesOf(options, facts),
    ...semiSyncVariables(options, context),
    serverId: serverId(host, inventory),
    host: host.name,
    bind: listenOn(host, facts),
    collation: options.collation ?? collationOf(family, versions),
    purgesBySize: purgesBySize(options, context),
    retryCount: RETRY_COUNT,
    importDirectory: IMPORT_DIRECTORY,
    logDirectory: LOG_DIRECTORY,
    tls: tlsVariables(options, context),
  };
}

/** The order of letters in the newest version of Unicode that the server knows: MariaDB has 14 since 10.10, MySQL 9. */
function collationOf(family: 'mariadb' | 'mysql', {mariadb}: ReturnType<typeof versionsOf>): string {
  if (family === 'mysql') return 'utf8mb4_0900_ai_ci';
  return atLeast(mariadb, [10, 10]) ? 'utf8mb4_uca1400_ai_ci' : 'utf8mb4_unicode_520_ci';
}

/** Whether the server has the settings of MariaDB 11.4 for purging. Throws `InputError` for a limit that it cannot keep. */
function purgesBySize({family, binlogLimit}: Options, {host, facts}: RoleContext): boolean {
  const purges = family === 'mariadb' && atLeast(versionsOf(facts).mariadb, [11, 4]);
  if (purges || binlogLimit === undefined) return purges;
  const message = `role mysqlServer: the database server on ${host.name} knows no limit of its binary logs`;
  throw new InputError([{message, at: host.at, hint: 'Use binlogSize in place of binlogLimit.'}]);
}

/** Without it a booting host may start the server before its address exists, and the server then fails. */
const AFTER_NETWORK = `# Managed by infra: the server listens on an address that exists only when the network is up.
[Unit]
Wants=network-online.target
After=network-online.target
`;

/**
 * One year of attempts, one in five seconds, to reach a primary that is down (MariaDB; MySQL sets this per replica).
 */
const RETRY_COUNT = (365 * 24 * 3600) / 5;

function listenOn(host: Host, {addresses}: Facts): string {
  const own = addressOf(host);
  if (own.startsWith('127.')) return '127.0.0.1';
  if (addresses.includes(own)) return `127.0.0.1,${own}`;
  const message = `role mysqlServer: ${host.name} must listen on ${own}, but its addresses are ${addresses.join(', ')}`;
  throw new InputError([{message, at: host.at, hint: `Give ${host.name} one of them as private_address.`}]);
}
