import {type Command, sh} from '../../shell/index.js';
import type {ServerFamily} from './client.js';

/**
 * The option file that keeps a replica from its source after a restart: a replica that was revoked must acknowledge
 * nothing more for it, whatever happens to the run that revoked it.
 */
export const REVOKED: Readonly<Record<ServerFamily, string>> = {
  mariadb: '/etc/mysql/mariadb.conf.d/99-infra-revoked.cnf',
  mysql: '/etc/mysql/mysql.conf.d/99-infra-revoked.cnf',
};

/** What the file holds. */
export const REVOCATION: Readonly<Record<ServerFamily, string>> = {
  mariadb: '# Written by infra db failover; infra db rejoin deletes it.\n[mariadbd]\nskip_slave_start = ON\n',
  mysql: '# Written by infra db failover; infra db rejoin deletes it.\n[mysqld]\nskip_replica_start = ON\n',
};

/** Prints `revoked: yes` on a server that must not replicate until an operator has attached it again. */
export const revokedProbe: Command = sh`for f in ${REVOKED.mariadb} ${REVOKED.mysql}; do [ ! -e $f ] || echo 'revoked: yes'; done`;
