import {
  type DatabaseFacts,
  type Facts,
  type Host,
  InputError,
  type Note,
  type RoleContext,
  warning,
} from '../../model/index.js';
import {optionalGroup} from '../shared/members.js';
import {addressOf, checkRoles, primaryOf, type ServerGroups, serverId, serversIn} from './topology.js';

/** The servers that hold the same data, and which of them takes writes. */
export interface Cluster {
  /** The primary; or, where no server holds data yet, the one that becomes it. */
  readonly primary: Host;
  /** All servers, the primary too, in the inventory's order. */
  readonly servers: readonly Host[];
  /** Servers that do not follow the primary, and cannot simply be attached to it. */
  readonly lost: readonly Host[];
  /** What the primary's server holds; undefined where it has none yet. */
  readonly primaryData: DatabaseFacts | undefined;
  /** What the reader of a plan must know. */
  readonly notes: readonly Note[];
}

/**
 * Reads from the servers which one is the primary: the inventory only names the first. A server that was promoted is
 * never made a replica again here, and none is promoted. Throws `InputError` where no decision is safe: two servers take
 * writes, none does and it is not certain which one may, or a server that may be the primary cannot be reached.
 */
export function clusterOf(groups: ServerGroups, role: string, context: RoleContext): Cluster {
  const first = primaryOf(groups.primary, role, context);
  checkRoles(first, optionalGroup(groups.replicas, 'replica', context));
  const servers = serversIn(groups, context);
  const seen = servers.map((host) => serverAt(host, context.factsIfReached(host)));
  const primary = primaryAmong(seen, first);
  return {
    primary: primary.host,
    servers,
    lost: seen
      .filter((each) => each !== primary && each.state !== 'new' && !follows(each, primary))
      .map(({host}) => host),
    primaryData: primary.database,
    notes: primary.host === first ? [] : [otherPrimary(primary.host, first, groups, context)],
  };
}

/** A server as it was found. */
interface Server {
  readonly host: Host;
  readonly address: string;
  readonly database: DatabaseFacts | undefined;
  /**
   * `new`: it holds nothing. `primary`: it takes writes. `unconfirmed`: it holds data, takes no writes and follows no
   * other server, as after a restart. `stopped`: it holds data and does not answer.
   */
  readonly state: 'unreached' | 'new' | 'stopped' | 'replica' | 'primary' | 'unconfirmed';
}

function serverAt(host: Host, facts: Facts | undefined): Server {
  return {host, address: addressOf(host), database: facts?.database, state: facts ? stateOf(facts) : 'unreached'};
}

function stateOf({database}: Facts): Server['state'] {
  if (database?.source) return 'replica';
  if (database === undefined || database.databases.length === 0) return 'new';
  if (!database.isRunning) return 'stopped';
  return database.isReadOnly ? 'unconfirmed' : 'primary';
}

function primaryAmong(seen: readonly Server[], first: Host): Server {
  const followed = seen.filter((each) => each.state !== 'replica' && seen.some((other) => follows(other, each)));
  const isWriter = ({state, database}: Server) => state === 'primary' || database?.isReadOnly === false;
  const writers = seen.filter((each) => each.state === 'primary' || (followed.includes(each) && isWriter(each)));
  const [writer, ...more] = writers;
  if (more.length > 0) throw refusal(`${listed(writers)} all take writes, and their data may differ`, STATUS);
  if (writer) return writer;
  const [source, ...others] = followed;
  if (others.length > 0) throw refusal(`no server takes writes, and replicas follow ${listed(followed)}`, STATUS);
  if (source) return confirmed(source, seen);
  return initialAmong(seen, first);
}

/** Whether a server replicates from another one. An address may have changed; the number of a server does not. */
function follows({database}: Server, {address, database: other}: Server): boolean {
  const source = database?.source;
  if (source === undefined) return false;
  return source.address === address || (source.serverId > 0 && source.serverId === other?.serverId);
}

/**
 * The server that others follow and that takes no writes now. If it is up, nothing may have been promoted in its place:
 * every other server is known to follow it, or to hold nothing.
 */
function confirmed(source: Server, seen: readonly Server[]): Server {
  if (source.state === 'unreached' || source.state === 'stopped') return source;
  const doubtful = seen.filter((each) => each !== source && each.state !== 'new' && !follows(each, source));
  if (doubtful.length === 0) return source;
  const message = `${source.host.name} takes no writes, and ${listed(doubtful)} may have been promoted in its place`;
  throw refusal(message, `If that is not so, open it again: infra db failover ${source.host.name}`);
}

/** No server takes writes, and none follows another one of them. */
function initialAmong(seen: readonly Server[], first: Host): Server {
  const strays = seen.filter(({state}) => state === 'replica');
  const [stray] = strays;
  if (stray) {
    const message = `no server takes writes: ${listed(strays)} replicates from ${stray.database?.source?.address}, which is not in the inventory`;
    throw refusal(message, `To make it the primary: infra db failover ${stray.host.name}`);
  }
  const unreached = seen.filter(({state}) => state === 'unreached');
  if (unreached.length > 0) {
    const message = `no server takes writes, and ${listed(unreached)} cannot be reached: it may hold data, or be the primary`;
    throw refusal(message, 'Start it, or take it out of the inventory when it is gone for good.');
  }
  const holders = seen.filter(({state}) => state !== 'new');
  const [holder, ...more] = holders;
  if (more.length > 0) throw refusal(`${listed(holders)} hold data, and none takes writes`, STATUS);
  return holder ?? seen.find(({host}) => host === first) ?? serverAt(first, undefined);
}

const listed = (servers: readonly Server[]) => servers.map(({host}) => host.name).join(' and ');

const STATUS = 'To see what each of them holds: infra db status';

function refusal(message: string, hint: string): InputError {
  return new InputError([{message, hint}]);
}

function otherPrimary(now: Host, first: Host, {primary, replicas}: ServerGroups, {inventory}: RoleContext): Note {
  return warning(
    `${now.name} is the primary now, and nothing here changes that. ${inventory.file} still names ${first.name}: move ` +
      `${now.name} to the group "${primary}" and ${first.name} to "${replicas}".`,
  );
}

/**
 * Throws `InputError` for a server that cannot simply be attached to the primary: it follows another one, or it holds
 * data of its own.
 */
export function checkFollower({primary, servers}: Cluster, context: RoleContext): void {
  const {host, facts} = context;
  const {database} = facts;
  const own = serverAt(host, facts);
  const source = servers.map((each) => serverAt(each, context.factsIfReached(each))).find((each) => follows(own, each));
  const next = `To attach it to ${primary.name}: infra db rejoin ${host.name}`;
  if (source && source.host !== primary) {
    throw refusal(`${host.name} replicates from ${source.host.name}, and ${primary.name} is the primary`, next);
  }
  if (own.state === 'replica' && !source && database?.source?.serverId !== serverId(primary, context.inventory)) {
    throw refusal(`${host.name} replicates from ${database?.source?.address}, which is not in the inventory`, next);
  }
  if (own.state !== 'unconfirmed' && own.state !== 'primary') return;
  const message = `${host.name} holds data (${database?.databases.join(', ')}) and does not replicate, and ${primary.name} is the primary`;
  throw refusal(message, next);
}
