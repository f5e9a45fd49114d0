import type {z} from 'zod';
import {defineRole, type Handler, type Items, listens} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {mysqlUser, restart, service, template, user} from '../../tasks/index.js';
import {READABLE} from '../shared/managed.js';
import {bracketed} from '../shared/members.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';
import {HealthOptions} from './options.js';
import {addressOf, primaryOf} from './topology.js';

/**
 * Tells balancers over HTTP what a database server is good for, on the host's address: `/primary` answers 200 when it
 * takes writes and copies from nobody, `/replica` when it copies from a primary and is at most `maxLag` seconds behind;
 * else 503 and why. While `/etc/mysql/drain` exists it is neither. A replica whose primary is away counts for `maxLag`
 * seconds more, since it cannot have missed more than that.
 *
 * It asks the server over its socket, as an account of its own without a password that may read the state of
 * replication and nothing else. Run it in a play after `mysqlPrimary`'s and `mysqlReplication`'s: the account is made on
 * the primary and reaches the replicas from there.
 *
 * @example
 * databaseHealth({from: {group: 'lb'}})
 */
export const databaseHealth = defineRole('databaseHealth', HealthOptions, (options, context) => {
  const {family, port, from, primary} = options;
  const isPrimary = primaryOf(primary, 'databaseHealth', context).name === context.host.name;
  const grants = {'*.*': [FAMILY[family].reads]};
  return [
    listens({tcp: port, from, because: 'health checks of the database'}),
    ...(isPrimary ? [mysqlUser({name: NAME, hosts: ['localhost'], socket: true, grants})] : []),
    user({name: NAME, system: true, home: '/nonexistent', shell: '/usr/sbin/nologin'}),
    ...files(options, `${bracketed(addressOf(context.host))}:${port}`),
    service({name: SOCKET}),
  ];
});

/** The system's user, the server's account and the units. */
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
