import type {z} from 'zod';
import {defineRole, type Handler, type Items, listens} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {mysqlUser, restart, service, template, user} from '../../tasks/index.js';
import {READABLE} from '../shared/managed.js';
import {bracketed} from '../shared/members.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';
import {clusterOf} from './cluster.js';
import {HealthOptions} from './options.js';
import {addressOf} from './topology.js';

/**
 * Reports the role of a database server to balancers over HTTP, on the host's address: `/primary` answers 200 when it
 * takes writes and is not a replica, `/replica` when it replicates from a primary and is at most `maxLag` seconds
 * behind; else 503 with the reason. While `/etc/mysql/drain` exists it is neither. A replica whose primary is down
 * counts for `maxLag` more seconds, since it cannot have missed more than that.
 *
 * It asks the server over its socket, with an account of its own that has no password and may only read the state of
 * replication. Put it in a play after those of `mysqlPrimary` and `mysqlReplication`: the account is made on the
 * primary and replicated to the replicas.
 *
 * @example
 * databaseHealth({from: {group: 'lb'}})
 */
export const databaseHealth = defineRole('databaseHealth', HealthOptions, (options, context) => {
  const {family, port, from} = options;
  const isPrimary = clusterOf(options, 'databaseHealth', context).primary === context.host;
  const grants = {'*.*': [FAMILY[family].reads]};
  return [
    listens({tcp: port, from, because: 'health checks of the database'}),
    ...(isPrimary ? [mysqlUser({name: NAME, hosts: ['localhost'], socket: true, grants})] : []),
    user({name: NAME, system: true, home: '/nonexistent', shell: '/usr/sbin/nologin'}),
    ...files(options, `${bracketed(addressOf(context.host))}:${port}`),
    service({name: SOCKET}),
  ];
});

/** The name of the system's user, the server's account and the units. */
const NAME = 'database-health';
const SOCKET = `${NAME}.socket`;
const PROGRAM = `/usr/local/sbin/${NAME}`;

/** MariaDB 10.5 and newer have a privilege of their own for SHOW REPLICA STATUS. */
const FAMILY = {
  mariadb: {reads: 'SLAVE MONITOR', client: 'mariadb --no-defaults --skip-ssl'},
  mysql: {reads: 'REPLICATION CLIENT', client: 'mysql --no-defaults'},
} as const;

function files({family, maxLag}: z.output<typeof HealthOptions>, listen: string): Items {
  const vars = {user: NAME, program: PROGRAM, state: `/run/${NAME}`, client: FAMILY[family].client, maxLag, listen};
  const unit = (name: string, source: string, notify: readonly Handler[]) =>
    template({path: `/etc/systemd/system/${name}`, source, vars, ...READABLE, notify});
  return [
    template({
      path: PROGRAM,
      source: 'mysql/health.sh',
      vars: {...vars, drain: '/etc/mysql/drain'},
      ...{...READABLE, mode: '0755'},
      validate: (path) => sh`sh -n ${path}`,
    }),
    unit(`${NAME}@.service`, 'mysql/health.service', [RELOAD_SYSTEMD]),
    unit(SOCKET, 'mysql/health.socket', [RELOAD_SYSTEMD, restart(SOCKET)]),
  ];
}
