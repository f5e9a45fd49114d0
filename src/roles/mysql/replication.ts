import {defineRole} from '../../model/index.js';
import {mysqlReadOnly, mysqlReplica} from '../../tasks/index.js';
import {ReplicationOptions} from './options.js';
import {TLS_FILES} from './tls.js';
import {addressOf, checkRoles, primaryOf} from './topology.js';

/**
 * Attaches a replica to the primary that the inventory names. For a server that `mysqlServer` has set up; the play
 * `needs` the one with `mysqlPrimary`, which makes the replication user.
 *
 * @example
 * mysqlReplication({password: secret('mysql/replicator'), tls: true})
 */
export const mysqlReplication = defineRole('mysqlReplication', ReplicationOptions, (options, context) => {
  const {user, password, port, tls} = options;
  const authority = tls ? TLS_FILES.authority : undefined;
  const primary = primaryOf(options.primary, 'mysqlReplication', context);
  checkRoles(primary, [context.host]);
  return [mysqlReadOnly({readOnly: true}), mysqlReplica({source: addressOf(primary), port, user, password, authority})];
});
