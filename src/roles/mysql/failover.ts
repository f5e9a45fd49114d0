import type {z} from 'zod';
import {defineRole, type Host, InputError, type Items, type RoleContext} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {mysqlUser, packages, restart, service, template, user} from '../../tasks/index.js';
import {FOREVER} from '../../tasks/mysql/writes.js';
import {authorityFile} from '../certificates/index.js';
import {READABLE} from '../shared/managed.js';
import {membersOf} from '../shared/members.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';
import {clusterOf} from './cluster.js';
import {FailoverOptions} from './failover-options.js';
import {addressOf, serversIn} from './topology.js';

/**
 * Promotes a replica by itself when the primary is lost. For the database servers and the balancers, after the play with
 * `databaseHealth`: the primary gets an account, each balancer a service that watches. It acts when it and all replicas
 * have had no sign of the primary for `after` seconds and enough replicas answer that the old primary can acknowledge
 * nothing more, counted with what they know of its writes (`databaseHealth`); a lock on a majority of the database servers
 * lets only one balancer act. No acknowledged write is lost.
 * In doubt it does nothing and logs the reason (`journalctl -u database-failover`); what it did is in
 * `/var/lib/database-failover/failover.json`, and `infra db status` shows both. The old primary stays read-only when it comes back, until `infra db rejoin`.
 *
 * It does nothing while `/etc/mysql/hold` or `/etc/mysql/drain` exists on a database server: make one on the primary
 * before planned work that lasts longer than `after`. Throws `InputError` for fewer than three database servers, and
 * where acknowledged writes could be lost, unless `acceptLoss`.
 *
 * @example
 * databaseFailover({
 *   password: secret('mysql/failover'),
 *   semiSync: {acks: 1, onReplicaLoss: 'stop'},
 *   authority: await authority(),
 * })
 */
export const databaseFailover = defineRole('databaseFailover', FailoverOptions, (options, context) => {
  const {balancers} = options;
  const {host} = context;
  const servers = serversIn(options, context);
  refuse(options, servers, context);
  const watchers = membersOf(balancers, 'databaseFailover', context);
  const isWatcher = watchers.some(({name}) => name === host.name);
  const isServer = servers.some(({name}) => name === host.name);
  return [...(isServer ? account(options, watchers, context) : []), ...(isWatcher ? watcher(options, servers) : [])];
});

type Options = z.output<typeof FailoverOptions>;

/** The name of the system's user and of the unit. */
const NAME = 'database-failover';
const PROGRAM = `/usr/local/sbin/${NAME}`;
const DIRECTORY = `/etc/${NAME}`;
const AUTHORITY = `${DIRECTORY}/ca.pem`;
const OPTION_FILE = `${DIRECTORY}/client.cnf`;
const STATE = `/var/lib/${NAME}`;
const STATUS = `/run/${NAME}/status.json`;

/** A majority of two is both: with one of them lost nobody could decide. */
const FEWEST = 3;

function refuse(options: Options, servers: readonly Host[], {host}: RoleContext): void {
  const {semiSync, acceptLoss} = options;
  const refusal = (message: string, hint: string) =>
    new InputError([{message: `role databaseFailover: ${message}`, at: host.at, hint}]);
  if (servers.length < FEWEST) {
    throw refusal(
      `there are ${servers.length} database servers, and only a majority of at least ${FEWEST} can decide`,
      'Put another host in the group of the replicas, or leave the role out and use: infra db failover',
    );
  }
  if (semiSync && semiSync.acks >= servers.length) {
    throw refusal(
      `semiSync.acks is ${semiSync.acks}, but there are ${servers.length - 1} replicas`,
      'Give it the same semiSync as mysqlServer has.',
    );
  }
  if (acceptLoss || semiSync?.onReplicaLoss === 'stop') return;
  throw refusal(
    `automatic failover could lose acknowledged writes: ${semiSync ? 'writes go on without replicas' : 'replication is asynchronous'}`,
    "Give mysqlServer and this role semiSync: {onReplicaLoss: 'stop'}, or accept the loss with acceptLoss: true.",
  );
}

/**
 * What the account may do: see, change and forget (`RELOAD`) replication, switch `read_only` and semi-synchronous replication, log in
 * beyond `max_connections`. It cannot read any table.
 */
const GRANTS = {
  mariadb: [
    'RELOAD',
    'SLAVE MONITOR',
    'REPLICATION SLAVE ADMIN',
    'REPLICATION MASTER ADMIN',
    'READ_ONLY ADMIN',
    'CONNECTION ADMIN',
  ],
  mysql: ['RELOAD', 'REPLICATION CLIENT', 'REPLICATION_SLAVE_ADMIN', 'SYSTEM_VARIABLES_ADMIN', 'CONNECTION_ADMIN'],
} as const;

function account(options: Options, watchers: readonly Host[], context: RoleContext): Items {
  const {family, password, authority} = options;
  if (clusterOf(options, 'databaseFailover', context).primary.name !== context.host.name) return [];
  return [
    mysqlUser({
      ...{name: options.user, password, hosts: watchers.map(addressOf)},
      grants: {'*.*': [...GRANTS[family]]},
      ...(authority && {requireTls: true}),
    }),
  ];
}

function watcher(options: Options, servers: readonly Host[]): Items {
  const {authority, family, semiSync, acceptLoss, after, pause, port, healthPort, password} = options;
  const notify = restart(NAME);
  const vars = {
    ...{family, after, pause, port, healthPort, acceptLoss, password},
    acks: semiSync?.acks ?? 0,
    forever: FOREVER[family],
    servers: servers.map((each) => ({name: each.name, address: addressOf(each)})),
    // The client of MariaDB speaks to both families.
    client: ['mariadb', `--defaults-file=${OPTION_FILE}`, '--batch', '--unbuffered', '--vertical', '--skip-reconnect'],
    authority: authority && AUTHORITY,
    program: PROGRAM,
    ...{directory: STATE, status: STATUS},
  };
  return [
    {declares: 'database-failover', unit: NAME, record: `${STATE}/failover.json`, status: STATUS},
    packages('mariadb-client'),
    user({name: NAME, system: true, home: '/nonexistent', shell: '/usr/sbin/nologin'}),
    ...(authority ? authorityFile(authority, {path: AUTHORITY, notify}) : []),
    template({
      ...{path: OPTION_FILE, source: 'mysql/failover.cnf', notify},
      vars: {...vars, user: options.user},
      ...{mode: '0640', owner: 'root', group: NAME},
    }),
    template({
      ...{path: PROGRAM, source: 'mysql/failover.pl', vars, notify},
      ...{...READABLE, mode: '0755'},
      validate: (path) => sh`perl -c ${path}`,
    }),
    template({
      ...{path: `/etc/systemd/system/${NAME}.service`, source: 'mysql/failover.service'},
      ...{vars: {...vars, user: NAME}, ...READABLE},
      notify: [RELOAD_SYSTEMD, notify],
    }),
    service({name: NAME}),
  ];
}
