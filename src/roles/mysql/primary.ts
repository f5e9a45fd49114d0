import {defineRole, InputError} from '../../model/index.js';
import type {Secret} from '../../shell/index.js';
import {mysqlDatabase, mysqlUser} from '../../tasks/index.js';
import {membersOf} from '../members.js';
import {PrimaryOptions} from './options.js';
import {addressOf, checkRoles, primaryOf} from './topology.js';

/**
 * What the primary holds and its replicas get by replication: databases, their users, each from the addresses of a
 * group, and the replication user, from the replicas' addresses only. For a server that `mysqlServer` has set up.
 */
export const mysqlPrimary = defineRole('mysqlPrimary', PrimaryOptions, (options, context) => {
  const primary = primaryOf(options.primary, 'mysqlPrimary', context);
  const replicas = context.group(options.replicas);
  checkRoles(primary, replicas);
  if (primary.name !== context.host.name) throw notPrimary(context.host.name, primary.name);
  return [
    ...options.databases.map((database) => mysqlDatabase(database)),
    ...options.users.map(({name, password, from, grants}) =>
      mysqlUser({name, password, grants, hosts: membersOf(from, 'mysqlPrimary', context).map(addressOf)}),
    ),
    replicationUser(options.replication, replicas.map(addressOf)),
  ];
});

function replicationUser({user, password}: {user: string; password: Secret}, hosts: readonly string[]) {
  if (hosts.length === 0) return mysqlUser({name: user, state: 'absent'});
  return mysqlUser({name: user, password, hosts, grants: {'*.*': ['REPLICATION SLAVE']}});
}

function notPrimary(host: string, primary: string): InputError {
  const message = `role mysqlPrimary: it is used on ${host}, but the primary is ${primary}`;
  return new InputError([
    {message, hint: 'databases and users are made on the primary and reach the others from there'},
  ]);
}
