import type {z} from 'zod';
import {defineRole, type Facts, type Host, InputError, listens, type RoleContext} from '../../model/index.js';
import {
  directory,
  file,
  mysqlSecureInstallation,
  packages,
  permissions,
  restart,
  service,
  template,
} from '../../tasks/index.js';
import {optionalGroup} from '../shared/members.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';
import {familyOf} from './family.js';
import {ServerOptions} from './server-options.js';
import {tlsFiles, tlsVariables} from './tls.js';
import {addressOf, serverId} from './topology.js';

/**
 * A server of MariaDB or MySQL, for the primary and for the replicas: package, option file, service. It listens on the
 * host's address of the inventory and on 127.0.0.1, keeps binary logs with GTID, and is read-only on the hosts of the
 * group `replicas`. With `tls` it has a certificate and refuses connections without TLS over the network. Put it in a
 * play of its own: a changed option file restarts the server at the end of the play.
 *
 * @example
 * mysqlServer({family: 'mariadb', tls: {certificate: await authority()}})
 */
export const mysqlServer = defineRole('mysqlServer', ServerOptions, (options, context) => {
  const {host, facts} = context;
  const family = familyOf(options.family, host, facts);
  const unitDirectory = `/etc/systemd/system/${family.service}.service.d`;
  const isReplica = optionalGroup(options.replicas, 'replica', context).some(({name}) => name === host.name);
  return [
    listens({tcp: options.port, from: peersOf(options, context), because: 'database clients and replicas'}),
    directory({path: unitDirectory, mode: '0755'}),
    file({path: `${unitDirectory}/infra.conf`, content: AFTER_NETWORK, mode: '0644', notify: RELOAD_SYSTEMD}),
    packages(family.package),
    permissions({path: '/var/lib/mysql', ...PRIVATE}),
    family.hasImportDirectory
      ? permissions({path: IMPORT_DIRECTORY, ...PRIVATE})
      : directory({path: IMPORT_DIRECTORY, mode: PRIVATE.most, owner: PRIVATE.owner, group: PRIVATE.group}),
    ...tlsFiles(options, context),
    template({
      path: family.optionFile,
      source: family.template,
      vars: variables(options, context, isReplica),
      mode: '0644',
      validate: family.validate,
      notify: restart(family.service),
    }),
    service({name: family.service, ports: [options.port]}),
    ...(isReplica ? [] : [mysqlSecureInstallation({})]),
  ];
});

type Options = z.output<typeof ServerOptions>;

/**
 * The clients, and the servers themselves: a replica connects to its primary, and the other way after they swap roles.
 */
function peersOf({from, primary, replicas}: Options, context: RoleContext) {
  const peers: readonly [string, string][] = [
    [primary, 'primary'],
    [replicas, 'replica'],
  ];
  const present = peers.filter(([name, usual]) => optionalGroup(name, usual, context).length > 0);
  return [...from, ...present.map(([name]) => ({group: name}))];
}

/** Only the server reads its files (CIS; dev-sec mysql-conf-04). */
const PRIVATE = {most: '0700', owner: 'mysql', group: 'mysql'} as const;

/** The one directory that LOAD DATA INFILE reads and SELECT … INTO OUTFILE writes. */
const IMPORT_DIRECTORY = '/var/lib/mysql-files';

function variables(options: Options, context: RoleContext, readOnly: boolean) {
  const {host, facts, inventory} = context;
  const {port, maxConnections, binlogDays, bufferPool = defaultBufferPool(facts)} = options;
  return {
    ...{port, maxConnections, binlogDays, bufferPool, readOnly},
    serverId: serverId(host, inventory),
    host: host.name,
    bind: listenOn(host, facts),
    retryCount: RETRY_COUNT,
    importDirectory: IMPORT_DIRECTORY,
    tls: tlsVariables(options, context),
  };
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

/** A power of two, so that a little more or less memory after a kernel update does not restart the server. */
function defaultBufferPool({memory}: Facts): number {
  const eighth = memory / 8 / 2 ** 20;
  return Math.min(512, Math.max(128, 2 ** Math.floor(Math.log2(eighth))));
}
