import type {z} from 'zod';
import {defineRole, InputError} from '../../model/index.js';
import {mysqlDatabase, mysqlReadOnly, mysqlReplica, mysqlSecureInstallation, mysqlUser} from '../../tasks/index.js';
import {membersOf, optionalGroup} from '../shared/members.js';
import {PrimaryOptions, ReplicationOptions} from './options.js';
import {TLS_FILES} from './tls.js';
import {addressOf, checkRoles, primaryOf} from './topology.js';

/**
 * The data that the primary has and its replicas get by replication: databases, their users, each from the addresses of
 * a group, and the replication user, from the replicas' addresses only. For a server with the role `mysqlServer`.
 *
 * @example
 * mysqlPrimary({
 *   replication: {password: secret('mysql/replicator')},
 *   databases: [{name: 'app'}],
 *   users: [{name: 'app', password: secret('mysql/app'), grants: {'app.*': ['SELECT', 'INSERT']}}],
 * })
 */
export const mysqlPrimary = defineRole('mysqlPrimary', PrimaryOptions, (options, context) => {
  const primary = primaryOf(options.primary, 'mysqlPrimary', context);
  const replicas = optionalGroup(options.replicas, 'replica', context);
  checkRoles(primary, replicas);
  if (primary.name !== context.host.name) throw notPrimary(context.host.name, primary.name);
  return [
    mysqlReadOnly({readOnly: false}),
    mysqlSecureInstallation({}),
    ...options.databases.map((database) => mysqlDatabase(database)),
    ...options.users.map(({name, password, from, grants, requireTls, maxConnections}) =>
      mysqlUser({
        ...{name, password, grants, ...requiring(requireTls ?? options.tls, requireTls)},
        ...(maxConnections !== undefined && {maxConnections}),
        hosts: membersOf(from, 'mysqlPrimary', context).map(addressOf),
      }),
    ),
    replicationUser(options, replicas.map(addressOf)),
  ];
});

/**
 * Attaches a replica to the primary that the inventory names. For a server with the role `mysqlServer`; the play
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

type Options = z.output<typeof PrimaryOptions>;

function replicationUser({replication: {user, password}, tls}: Options, hosts: readonly string[]) {
  if (hosts.length === 0) return mysqlUser({name: user, state: 'absent'});
  return mysqlUser({name: user, password, hosts, grants: {'*.*': ['REPLICATION SLAVE']}, ...requiring(tls)});
}

/** Without TLS the option is left out, unless the user sets it to false: an account that requires TLS continues to. */
function requiring(requireTls: boolean, own?: boolean): {requireTls?: boolean} {
  return requireTls || own === false ? {requireTls} : {};
}

function notPrimary(host: string, primary: string): InputError {
  const message = `role mysqlPrimary: it is used on ${host}, but the primary is ${primary}`;
  return new InputError([
    {message, hint: 'Put it in a play for the primary: databases and users are replicated to the others from there.'},
  ]);
}
