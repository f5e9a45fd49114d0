import type {z} from 'zod';
import {defineRole, type Handler, type Items, listens, type RoleContext} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {file, mysqlUser, restart, service, template, user} from '../../tasks/index.js';
import {REVOKED} from '../../tasks/mysql/revocation.js';
import {SOURCE_PROMISE} from '../../tasks/mysql/source-promise.js';
import {FOREVER} from '../../tasks/mysql/writes.js';
import {READABLE} from '../shared/managed.js';
import {bracketed} from '../shared/members.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';
import {clusterOf} from './cluster.js';
import {HealthOptions} from './options.js';
import {addressOf, serverGroups, serversIn} from './topology.js';

/**
 * A resident service that says what a database server is, over HTTP on the host's address, to balancers and to the other
 * database servers. `/primary` answers 200 when it takes writes and is not a replica. `/replica` answers 200 when it
 * replicates and is at most `maxLag` seconds behind; while no server takes writes, also one that has all that it
 * received, as `stale`. Else they answer 503 with the reason. `/state` has what the servers decide by. While
 * `/etc/mysql/drain` exists it is neither.
 *
 * A server that does not answer keeps its last role: busy is not unfit. It stops being the primary when its process has
 * ended, or when another server is the primary.
 *
 * Every server is read-only after a restart. The service opens its writes when the replicas confirm that they still
 * follow it, not while `/etc/mysql/hold` exists, and never if it was made read-only while it ran. A primary that sees
 * another one becomes read-only and ends its sessions, unless it is clear that the other one must.
 *
 * A replica keeps for how many replicas the writes of its source wait: when the source is lost, a failover counts with that
 * and not with the playbook, so give `acks` where `mysqlServer` has `semiSync`.
 *
 * It asks the server over its socket, with an account of its own that has no password and may log in when
 * `max_connections` is reached, switch `read_only` and end sessions, and cannot read any table. Put it in a play after
 * those of `mysqlPrimary` and `mysqlReplication`: the account is made on the primary and replicated to the replicas.
 *
 * @example
 * databaseHealth({from: {group: 'lb'}})
 */
export const databaseHealth = defineRole('databaseHealth', HealthOptions, (options, context) => {
  const {family, port, from} = options;
  const isPrimary = clusterOf(options, 'databaseHealth', context).primary.name === context.host.name;
  const grants = {'*.*': [...GRANTS[family]]};
  return [
    listens({
      tcp: port,
      from: [...from, ...serverGroups(options, context)],
      because: 'health checks of the database',
    }),
    ...(isPrimary ? [mysqlUser({name: NAME, hosts: ['localhost'], socket: true, grants})] : []),
    user({name: NAME, system: true, home: '/nonexistent', shell: '/usr/sbin/nologin'}),
    ...files(options, context),
    service({name: SOCKET}),
    service({name: NAME}),
  ];
});

/** The name of the system's user, the server's account and the units. */
const NAME = 'database-health';
const SOCKET = `${NAME}.socket`;
const PROGRAM = `/usr/local/sbin/${NAME}`;

/** The service holds the socket too: it must let go of it before the port can be opened again. */
const RELISTEN: Handler = {
  id: `restart ${SOCKET}`,
  command: sh`systemctl stop ${NAME} ${SOCKET} && { systemctl start ${SOCKET} || { sleep 2; systemctl start ${SOCKET}; }; } && systemctl start ${NAME}`,
};

/**
 * What the account may do: see replication and sessions, end sessions and log in beyond `max_connections`, switch
 * `read_only`, and have writes wait for replicas. MariaDB 10.5 and newer have privileges of their own for that.
 */
const GRANTS = {
  mariadb: ['SLAVE MONITOR', 'PROCESS', 'CONNECTION ADMIN', 'READ_ONLY ADMIN', 'REPLICATION MASTER ADMIN'],
  mysql: ['REPLICATION CLIENT', 'PROCESS', 'CONNECTION_ADMIN', 'SYSTEM_VARIABLES_ADMIN'],
} as const;

type Options = z.output<typeof HealthOptions>;

function files(options: Options, context: RoleContext): Items {
  const vars = variables(options, context);
  const unit = (name: string, source: string, notify: readonly Handler[]) =>
    template({path: `/etc/systemd/system/${name}`, source, vars, ...READABLE, notify});
  return [
    template({
      path: PROGRAM,
      source: 'mysql/health.pl',
      vars,
      ...{...READABLE, mode: '0755'},
      validate: (path) => sh`perl -c ${path}`,
      notify: restart(NAME),
    }),
    unit(SOCKET, 'mysql/health.socket', [RELOAD_SYSTEMD, RELISTEN, restart(NAME)]),
    unit(`${NAME}.service`, 'mysql/health.service', [RELOAD_SYSTEMD, restart(NAME)]),
    // Before the service was resident, each request started one of these.
    file({path: `/etc/systemd/system/${NAME}@.service`, state: 'absent', notify: RELOAD_SYSTEMD}),
  ];
}

function variables(options: Options, context: RoleContext) {
  const {family, maxLag, acks, port} = options;
  const {host} = context;
  const others = serversIn(options, context).filter(({name}) => name !== host.name);
  const peers = others.map((each) => ({name: each.name, address: addressOf(each), port}));
  return {
    ...{family, maxLag, acks, peers},
    forever: FOREVER[family],
    promise: SOURCE_PROMISE,
    user: NAME,
    program: PROGRAM,
    state: `/var/lib/${NAME}`,
    socket: '/run/mysqld/mysqld.sock',
    self: [addressOf(host)],
    listen: `${bracketed(addressOf(host))}:${port}`,
    drain: '/etc/mysql/drain',
    hold: '/etc/mysql/hold',
    revoked: REVOKED[family],
  };
}
