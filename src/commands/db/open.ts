import type {BalancerNode, DatabaseSite} from '../../database/site.js';
import type {WatcherNode} from '../../database/watcher.js';
import {declarationsOf} from '../../engine/compile/openings.js';
import type {ReachedHost} from '../../engine/connect/host-pool.js';
import {playsOf} from '../../engine/index.js';
import {
  type DatabaseServerDeclaration,
  type Declaration,
  type Failure,
  type Host,
  HostError,
  InputError,
  type RoleContext,
} from '../../model/index.js';
import {assumedContext} from '../../session/assumed-context.js';
import type {Session} from '../../session/session.js';
import type {Connection} from '../../transport/index.js';
import {readNode, readWatcher} from './read-nodes.js';

/** The database of a project, connected. */
export interface OpenDatabase {
  readonly site: DatabaseSite;
  /** Of the hosts that were reached, by name. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** Reads the servers again. */
  readAgain(): Promise<DatabaseSite>;
  /** Reads the services that fail over by themselves; none without the role `databaseFailover`. */
  readWatchers(): Promise<readonly WatcherNode[]>;
  /** Ends the connections. Never rejects. */
  close(): Promise<void>;
}

/**
 * Finds the database servers and the balancers in front of them by what the roles of the playbook declare, connects to
 * them, and reads the servers. What does not answer is part of the result. Rejects with `InputError` for a playbook that
 * has no database.
 */
export async function openDatabase(session: Session): Promise<OpenDatabase> {
  const hosts = session.inventory.hosts.filter((host) => mayDeclare(host, session));
  const reached = new Map(
    await Promise.all(hosts.map(async (host) => [host.name, await reachOrFail(host, session)] as const)),
  );
  const close = async () => {
    await Promise.all([...reached.values()].map((each) => 'connection' in each && each.connection.close()));
  };
  try {
    const said = new Map(hosts.map((host) => [host, declaredBy(host, reached.get(host.name), session)]));
    const read = () => readSite(said, reached, session);
    const connections = new Map(
      [...reached].flatMap(([name, each]) => ('connection' in each ? [[name, each.connection] as const] : [])),
    );
    await session.early.close();
    return {site: await read(), connections, readAgain: read, readWatchers: () => watchersIn(said, reached), close};
  } catch (error) {
    await close();
    throw error;
  }
}

async function reachOrFail(host: Host, {early, transport}: Session): Promise<ReachedHost | Failure> {
  try {
    return await early.reach(host, transport);
  } catch (error) {
    if (error instanceof HostError) return error.failure;
    throw error;
  }
}

/** Whether a role of the host says that it has to do with a database; or cannot say it without the host's facts. */
function mayDeclare(host: Host, session: Session): boolean {
  const said = itemsSay(host, assumedContext(host, session.inventory), session);
  return said.some((each) => each === undefined || each.length > 0);
}

/** What the roles of a host declare, by its facts; those of a host that is not reached are assumed. */
function declaredBy(host: Host, reached: ReachedHost | Failure | undefined, session: Session): readonly Declaration[] {
  const assumed = assumedContext(host, session.inventory);
  // As if no server had been set up yet: what is declared does not depend on that, and nothing is refused for it.
  const {database: _, ...facts} = reached && 'facts' in reached ? reached.facts : assumed.facts;
  return itemsSay(host, {...assumed, facts}, session).flatMap((each) => each ?? []);
}

/** What each item of the host's plays declares; undefined for one that throws, so that it does not affect the others. */
function itemsSay(
  host: Host,
  context: Omit<RoleContext, 'openings'>,
  {inventory, plays}: Session,
): readonly (readonly Declaration[] | undefined)[] {
  return playsOf(host, plays, inventory).flatMap((play) =>
    play.items.map((item) => {
      try {
        return declarationsOf([{...play, items: [item]}], context);
      } catch {
        return undefined;
      }
    }),
  );
}

type Said = ReadonlyMap<Host, readonly Declaration[]>;
type Reached = ReadonlyMap<string, ReachedHost | Failure>;

async function readSite(said: Said, reached: Reached, {inventory}: Session): Promise<DatabaseSite> {
  const all = [...said.values()].flat();
  const server = all.find((each) => each.declares === 'database-server');
  const account = all.find((each) => each.declares === 'database-replication');
  if (!server || !account) throw noDatabase();
  const members = (group: string) => inventory.groups.get(group) ?? [];
  const [first] = members(server.primary);
  const names = new Set([...members(server.primary), ...members(server.replicas)]);
  const servers = inventory.hosts.filter((host) => names.has(host));
  return {
    ...settingsOf(server),
    account: {user: account.user, password: account.password},
    first: first?.name ?? '',
    servers: await Promise.all(servers.map((host) => readNode(host, reached.get(host.name)))),
    balancers: balancersIn(said, reached),
  };
}

function settingsOf({family, port, authority, acks, onReplicaLoss}: DatabaseServerDeclaration) {
  return {family, port, authority, acks, degrades: onReplicaLoss === 'degrade'};
}

function balancersIn(said: Said, reached: Reached): readonly BalancerNode[] {
  return [...said].flatMap(([host, declarations]) => {
    const balancer = declarations.find((each) => each.declares === 'database-balancer');
    const found = reached.get(host.name);
    return balancer ? [{host, isReached: found !== undefined && 'connection' in found, write: balancer.write}] : [];
  });
}

async function watchersIn(said: Said, reached: Reached): Promise<readonly WatcherNode[]> {
  const watchers = [...said].flatMap(([host, declarations]) =>
    declarations.filter((each) => each.declares === 'database-failover').map((service) => ({host, service})),
  );
  return Promise.all(watchers.map(({host, service}) => readWatcher(host, service, reached.get(host.name))));
}

function noDatabase(): InputError {
  const message = 'the playbook has no database: no host has the roles mysqlServer, mysqlPrimary and mysqlReplication';
  return new InputError([{message, hint: 'Name another playbook with --playbook.'}]);
}
