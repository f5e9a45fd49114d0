import {count, type Gtids, render, subtract} from '../../database/gtid.js';
import {promiseNow} from '../../database/promise.js';
import {isHalfPromoted, unfinished} from '../../database/promotion.js';
import {SEVERAL_WRITERS} from '../../database/refusals.js';
import {type DatabaseNode, type DatabaseSite, findPrimary, follows, type PrimaryFound} from '../../database/site.js';
import type {WatcherNode} from '../../database/watcher.js';
import {type AutomaticStatus, automaticProblems, automaticStatus} from './describe-automatic.js';

/** The database as its servers describe it, for people and programs. */
export interface DatabaseStatus {
  /** The server that takes writes; null for none, or several. */
  readonly primary: string | null;
  readonly promise: string;
  /** Null without the role `databaseFailover`. */
  readonly automatic: AutomaticStatus | null;
  readonly servers: readonly ServerStatus[];
  /** What needs an operator, each with the next step. */
  readonly problems: readonly {readonly message: string; readonly hint: string}[];
}

/** One server of them. */
export interface ServerStatus {
  readonly name: string;
  readonly role: 'primary' | 'replica' | 'unconfirmed' | 'new' | 'unreachable' | 'stopped';
  readonly source: string | null;
  /** Seconds behind. */
  readonly lag: number | null;
  /** Transactions that it lacks, and those that it alone has; null where that is not known. */
  readonly lacks: number | null;
  readonly ghosts: number | null;
  readonly executed: string;
  /** It takes writes, or replicates. */
  readonly isWell: boolean;
  readonly words: string;
}

/** What the reports of the servers mean. */
export function statusOf(site: DatabaseSite, watchers: readonly WatcherNode[] = []): DatabaseStatus {
  const found = findPrimary(site);
  const primary = found.state === 'serving' ? found.node : undefined;
  const reference = primary?.report.executed;
  return {
    primary: primary?.host.name ?? null,
    promise: promiseNow(site, primary),
    automatic: automaticStatus(site, watchers) ?? null,
    servers: site.servers.map((node) => serverStatus(node, site, reference)),
    problems: [
      ...(unfinished(site) ? [] : primaryProblems(found)),
      ...site.servers.flatMap((node) => serverProblems(node, found)),
      ...automaticProblems(site, watchers),
    ],
  };
}

function serverStatus(node: DatabaseNode, site: DatabaseSite, reference: Gtids | undefined): ServerStatus {
  const {host, report} = node;
  const source = site.servers.find((other) => follows(node, other));
  const difference = (left: Gtids | undefined, right: Gtids | undefined) => {
    // A restored primary counts from another number on.
    const lacking = left && right && !report?.mustSeed && subtract(left, right).count;
    return typeof lacking === 'number' ? lacking : null;
  };
  return {
    name: host.name,
    role: roleOf(node),
    source: report?.following ? (source?.host.name ?? report.following.source) : null,
    lag: report?.following?.lag ?? null,
    lacks: difference(reference, report?.executed),
    ghosts: difference(report?.executed, reference),
    executed: report ? render(report.executed) : '',
    isWell: isWell(node),
    words: wordsOf(node),
  };
}

function isWell({report}: DatabaseNode): boolean {
  if (!report) return false;
  const {following, isReadOnly, isRevoked, mustSeed} = report;
  if (!following) return !isReadOnly;
  return !isRevoked && !mustSeed && following.io === 'yes' && following.sql;
}

function roleOf({isReached, report}: DatabaseNode): ServerStatus['role'] {
  if (!isReached) return 'unreachable';
  if (!report) return 'stopped';
  if (report.following) return 'replica';
  if (report.databases.length === 0 && count(report.executed) === 0) return 'new';
  return report.isReadOnly ? 'unconfirmed' : 'primary';
}

function wordsOf({report, failure}: DatabaseNode): string {
  if (!report) return failure?.message ?? '';
  const {following, isRevoked, isReadOnly, semiSync, mustSeed} = report;
  if (!following) {
    if (isReadOnly) return 'takes no writes, and follows no server';
    return semiSync.waits ? `takes writes, which wait for replicas (${semiSync.connected} connected)` : 'takes writes';
  }
  if (mustSeed) return 'has the data of before a restore of the primary';
  if (isRevoked) return 'its replication was ended by a failover';
  if (!following.sql) return `executes nothing: ${following.error || 'stopped'}`;
  if (following.io !== 'yes') return `receives nothing: ${following.error || following.io}`;
  return following.lag === undefined ? 'replicates' : `replicates, ${following.lag} s behind`;
}

type Problem = DatabaseStatus['problems'][number];

function primaryProblems(found: PrimaryFound): readonly Problem[] {
  switch (found.state) {
    case 'serving':
      return [];
    case 'several':
      return [
        {
          message: `${found.nodes.map(({host}) => host.name).join(' and ')} all take writes`,
          hint: SEVERAL_WRITERS,
        },
      ];
    case 'closed':
      return [
        {
          message: `${found.node.host.name} takes no writes, and no other server does`,
          hint: `infra db failover ${found.node.host.name}`,
        },
      ];
    case 'silent':
      return [{message: `the primary ${found.node.host.name} does not answer`, hint: 'infra db failover'}];
    case 'none':
      return [{message: 'no server is the primary', hint: 'infra db failover HOST'}];
  }
}

function serverProblems(node: DatabaseNode, found: PrimaryFound): readonly Problem[] {
  const {host, report, failure} = node;
  const rejoin = `infra db rejoin ${host.name}`;
  if (found.state === 'silent' && found.node.host === host) return [];
  if (!report)
    return [
      {
        message: `${host.name} does not answer: ${failure?.message ?? 'it was not reached'}`,
        hint: node.isReached ? rejoin : `Start it, then: ${rejoin}`,
      },
    ];
  const half =
    report.journal && isHalfPromoted({report})
      ? [
          {
            message: `a ${report.journal.operation} to ${report.journal.to} did not end`,
            hint: `infra db ${report.journal.operation}`,
          },
        ]
      : [];
  if (found.state !== 'serving' || found.node.host === host) return half;
  const {following, mustSeed} = report;
  if (mustSeed)
    return [
      ...half,
      {
        message: `${host.name} cannot go on from the restored data of ${found.node.host.name}`,
        hint: `infra db seed ${host.name}`,
      },
    ];
  if (!following) return [...half, {message: `${host.name} follows no server`, hint: rejoin}];
  if (!follows(node, found.node))
    return [...half, {message: `${host.name} does not follow ${found.node.host.name}`, hint: rejoin}];
  if (following.io === 'yes' && following.sql) return half;
  // Error 1236: the primary no longer has the logs that it lacks.
  const hint = /1236|purged|Got fatal error/.test(following.error) ? `infra db seed ${host.name}` : rejoin;
  return [...half, {message: `${host.name} does not replicate: ${following.error || 'its threads are stopped'}`, hint}];
}
