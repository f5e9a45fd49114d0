import type {z} from 'zod';
import {defineRole, distributionOf, type Facts, type Items, type RoleContext} from '../../model/index.js';
import {
  mysqlDatabase,
  mysqlReadOnly,
  mysqlReplica,
  mysqlSecureInstallation,
  mysqlSeedPlace,
  mysqlSeedReceive,
  mysqlSeedSend,
  mysqlUser,
  transferKey,
} from '../../tasks/index.js';
import {membersOf} from '../shared/members.js';
import {type Cluster, checkFollower, clusterOf} from './cluster.js';
import {PrimaryOptions, ReplicationOptions} from './options.js';
import {TLS_FILES} from './tls.js';
import {addressOf} from './topology.js';

/**
 * The data that the primary has and its replicas get by replication: databases, their users, each from the addresses of
 * a group, and the replication user, from the servers' addresses only, since roles may be swapped. For servers with the
 * role `mysqlServer`, in a play for all of them: who is the primary is read from the servers, and the others get nothing
 * here. The inventory names the first primary.
 *
 * @example
 * mysqlPrimary({
 *   replication: {password: secret('mysql/replicator')},
 *   databases: [{name: 'app'}],
 *   users: [{name: 'app', password: secret('mysql/app'), grants: {'app.*': ['SELECT', 'INSERT']}}],
 * })
 */
export const mysqlPrimary = defineRole('mysqlPrimary', PrimaryOptions, (options, context) => {
  const {user, password} = options.replication;
  const account = {declares: 'database-replication', user, password} as const;
  const {primary, servers, notes} = clusterOf(options, 'mysqlPrimary', context);
  if (primary.name !== context.host.name) return [account, ...notes];
  return [
    account,
    ...notes,
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
    replicationUser(options, servers.length > 1 ? servers.map(addressOf) : []),
  ];
});

/**
 * Attaches the replicas to the primary. For servers with the role `mysqlServer`, in a play for all of them, which `needs`
 * the one with `mysqlPrimary`: that makes the replication user. A server that holds data of its own, or follows another
 * one, is refused: that is for `infra db rejoin`.
 *
 * @example
 * mysqlReplication({password: secret('mysql/replicator'), tls: true})
 */
export const mysqlReplication = defineRole('mysqlReplication', ReplicationOptions, (options, context) => {
  const {user, password, port, tls} = options;
  const authority = tls ? TLS_FILES.authority : undefined;
  const account = {declares: 'database-replication', user, password} as const;
  const cluster = clusterOf(options, 'mysqlReplication', context);
  const {primary, notes} = cluster;
  if (primary.name === context.host.name) return [account, ...notes];
  checkFollower(cluster, context);
  return [
    account,
    ...notes,
    mysqlReadOnly({readOnly: true}),
    ...copyFor(cluster, options, context),
    mysqlReplica({source: addressOf(primary), port, user, password, authority}),
  ];
});

type Options = z.output<typeof PrimaryOptions>;
type Replication = z.output<typeof ReplicationOptions>;

/** A new replica first gets a copy of what the primary holds: its logs may begin later than its data. */
function copyFor({primary, primaryData}: Cluster, {port, tls}: Replication, {host, facts}: RoleContext): Items {
  const {family} = primaryData ?? {};
  if (family === undefined || primaryData?.databases.length === 0 || !isNew(facts)) return [];
  const spec = {
    ...{family, from: primary.name, source: addressOf(primary), port, address: addressOf(host)},
    size: primaryData?.size ?? 0,
    authority: tls ? TLS_FILES.authority : undefined,
    service: distributionOf(facts).databases[family].service,
    key: transferKey(),
  };
  return [mysqlSeedReceive(spec), mysqlSeedSend({...spec, delegateTo: primary.name}), mysqlSeedPlace(spec)];
}

function isNew({database}: Facts): boolean {
  return database === undefined || (database.databases.length === 0 && database.source === undefined);
}

function replicationUser({replication: {user, password}, tls}: Options, hosts: readonly string[]) {
  if (hosts.length === 0) return mysqlUser({name: user, state: 'absent'});
  return mysqlUser({name: user, password, hosts, grants: {'*.*': ['REPLICATION SLAVE']}, ...requiring(tls)});
}

/** Without TLS the option is left out, unless the user sets it to false: an account that requires TLS continues to. */
function requiring(requireTls: boolean, own?: boolean): {requireTls?: boolean} {
  return requireTls || own === false ? {requireTls} : {};
}
