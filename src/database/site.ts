import type {Failure, Host} from '../model/index.js';
import type {Secret} from '../shell/index.js';
import type {ServerFamily} from '../tasks/mysql/client.js';
import type {ServerReport} from './report.js';

/** The units of the servers, by the names that Debian's packages give them. */
export const UNITS: Readonly<Record<ServerFamily, string>> = {mariadb: 'mariadb', mysql: 'mysql'};

/** A database server of the inventory: its report, or why there is none. */
export interface DatabaseNode {
  readonly host: Host;
  /** Where the other servers reach it. */
  readonly address: string;
  /** Whether infra can log in on the host. */
  readonly isReached: boolean;
  readonly report: ServerReport | undefined;
  /** Why the host, or the server on it, does not answer. */
  readonly failure: Failure | undefined;
}

/** A server that answered. */
export interface AnsweringNode extends DatabaseNode {
  readonly report: ServerReport;
}

/** A balancer of the inventory. */
export interface BalancerNode {
  readonly host: Host;
  readonly isReached: boolean;
  /** The port that leads to the primary. */
  readonly write: number;
}

/** The database servers of an inventory and what the playbook says of them. */
export interface DatabaseSite {
  readonly family: ServerFamily;
  readonly port: number;
  readonly account: {readonly user: string; readonly password: Secret};
  /** The file with the authority's certificate on every server; undefined without TLS. */
  readonly authority: string | undefined;
  /** Replicas whose acknowledgement a write waits for; 0: none. */
  readonly acks: number;
  /** Whether a write stops waiting when too few replicas are left. */
  readonly degrades: boolean;
  /** The server that the inventory names as the first primary. */
  readonly first: string;
  /** In the inventory's order. */
  readonly servers: readonly DatabaseNode[];
  readonly balancers: readonly BalancerNode[];
}

/** Which server is the primary, as the servers themselves say. */
export type PrimaryFound =
  /** It takes writes, and no other server does. */
  | {readonly state: 'serving'; readonly node: AnsweringNode}
  /** The others follow it, or it alone holds data; it takes no writes. */
  | {readonly state: 'closed'; readonly node: AnsweringNode}
  /** The others follow it, and it does not answer. */
  | {readonly state: 'silent'; readonly node: DatabaseNode}
  /** No server is the primary: the replicas follow none of the inventory, or several. */
  | {readonly state: 'none'; readonly nodes: readonly DatabaseNode[]}
  /** Several servers take writes. */
  | {readonly state: 'several'; readonly nodes: readonly AnsweringNode[]};

/** Names of hosts, for people. */
export const namesOf = (nodes: readonly DatabaseNode[]) => nodes.map(({host}) => host.name);

/** Their names as the subject of a sentence: `db2 has`, `db2 and db3 have`. */
export function sayOf(nodes: readonly DatabaseNode[], one: string, several: string): string {
  return `${namesOf(nodes).join(' and ')} ${nodes.length === 1 ? one : several}`;
}

/** The servers that answered. */
export function answering({servers}: Pick<DatabaseSite, 'servers'>): readonly AnsweringNode[] {
  return servers.flatMap((node) => (node.report === undefined ? [] : [{...node, report: node.report}]));
}

/** Whether a server replicates from another one. An address may have changed; the number of a server does not. */
export function follows({report}: DatabaseNode, other: DatabaseNode): boolean {
  const following = report?.following;
  if (following === undefined) return false;
  return (
    following.source === other.address || (following.sourceId > 0 && following.sourceId === other.report?.serverId)
  );
}

/** Whether a server has a part of the data, or is to get it: a new one must be seeded before it is attached. */
export function holdsData({report}: AnsweringNode): boolean {
  return report.following !== undefined || report.databases.length > 0;
}

/** Reads from the reports which server is the primary. */
export function findPrimary(site: Pick<DatabaseSite, 'servers'>): PrimaryFound {
  const answers = answering(site);
  const followed = site.servers.filter(
    (node) => !node.report?.following && answers.some((other) => other.host !== node.host && follows(other, node)),
  );
  const writers = answers.filter(({host, report}) => {
    const isSource = followed.some((node) => node.host === host);
    return !report.isReadOnly && !report.following && (report.databases.length > 0 || isSource);
  });
  const [writer, ...others] = writers;
  if (others.length > 0) return {state: 'several', nodes: writers};
  if (writer) return {state: 'serving', node: writer};
  const [source, ...more] = followed;
  if (more.length > 0) return {state: 'none', nodes: followed};
  if (source) return closedOr(source);
  const holders = answers.filter(({report}) => !report.following && report.databases.length > 0);
  const [holder, ...rest] = holders;
  const isAlone = holder && rest.length === 0 && answers.length === site.servers.length;
  return isAlone ? {state: 'closed', node: holder} : {state: 'none', nodes: holders};
}

function closedOr(node: DatabaseNode): PrimaryFound {
  const {report} = node;
  return report === undefined ? {state: 'silent', node} : {state: 'closed', node: {...node, report}};
}

/** What plans of operations depend on, as a text: it differs when a server has changed its role since it was read. */
export function rolesIn({servers}: Pick<DatabaseSite, 'servers'>): string {
  const roles = servers.map(({host, report}) => [
    host.name,
    report && [report.isReadOnly, report.following?.source, report.isRevoked, report.journal, report.promise?.acks],
  ]);
  return JSON.stringify(roles);
}
