import {defineRole} from '../../model/index.js';
import {mysqlReplica} from '../../tasks/index.js';
import {ReplicationOptions} from './options.js';
import {addressOf, checkRoles, primaryOf} from './topology.js';

/**
 * Attaches a replica to the primary that the inventory names. For a server that `mysqlServer` has set up; the play
 * `needs` the one with `mysqlPrimary`, which makes the replication user.
 */
export const mysqlReplication = defineRole('mysqlReplication', ReplicationOptions, (options, context) => {
  const {user, password, port} = options;
  const primary = primaryOf(options.primary, 'mysqlReplication', context);
  checkRoles(primary, [context.host]);
  return [mysqlReplica({source: addressOf(primary), port, user, password})];
});
