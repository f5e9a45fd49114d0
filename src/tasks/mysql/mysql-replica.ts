import {check, defineTask, isPort, optionsOf, Unknown, UnreadableReply} from '../../model/index.js';
import {type Command, type Reply, type Secret, showAs} from '../../shell/index.js';
import {seconds} from '../shared/checks.js';
import {readServer, runStatements, type Statements} from './client.js';
import {awaitThreads, changeSource, forgetTransactions} from './replica-statements.js';
import {
  digestOf,
  parseReplica,
  type ReplicaReport,
  type Replication,
  type Running,
  replicaProbe,
} from './replica-status.js';

/** A server of MariaDB or MySQL that copies everything from a primary of the same family, by GTID. */
export interface MysqlReplicaSpec {
  /** The primary's address. */
  readonly source: string;
  /** The primary's. Default 3306. */
  readonly port?: number;
  /** A user of the primary with REPLICATION SLAVE. */
  readonly user: string;
  /** At most 32 bytes. The server keeps it in clear, readable by root. */
  readonly password: Secret;
  /**
   * A file on the replica with the certificate of the authority that the primary's certificate must come from. With it,
   * replication speaks TLS alone and stops unless the primary's certificate names the address in `source`. Left out,
   * TLS stays as the servers use it by default.
   */
  readonly authority?: string | undefined;
  /** Seconds until replication must run after a change. Default 30. */
  readonly within?: number;
}

interface ReplicaState {
  source: string;
  port: number;
  user: string;
  password: 'as set' | 'different';
  gtid: boolean;
  /** `verified`: the primary's certificate is checked, its name too. */
  tls: 'off' | 'unverified' | 'verified';
  authority: string;
  ioRunning: Running;
  sqlRunning: Running;
  error: string;
}

/**
 * Replication from a primary, running. A server without databases is new: what its installation wrote to its logs is
 * forgotten before it is attached. A server with data is attached only when all of it came by replication; otherwise
 * the task fails and says so. Nothing here resets or overwrites data.
 *
 * @example
 * mysqlReplica({source: '192.0.2.21', user: 'replicator', password: secret('mysql/replicator')})
 */
export const mysqlReplica = defineTask<MysqlReplicaSpec, ReplicaState>({
  type: 'mysqlReplica',
  options: optionsOf<MysqlReplicaSpec>({
    source: check.text,
    port: check.optional(check.wholeNumber(1)),
    user: check.text,
    password: check.secret,
    authority: check.optional(check.text),
    within: seconds,
  }),
  id: ({source, port = 3306}) => (port === 3306 ? source : `${source}:${port}`),
  refuse,
  probe: replicaProbe,
  parse: (reply, {password}) => {
    if (/^revoked: yes$/m.test(reply.stdout)) {
      throw new UnreadableReply('an operation of the database has ended its replication: see infra db status');
    }
    const server = readServer(reply);
    if (server instanceof Unknown) return server;
    const report = parseReplica(reply);
    return report.replication ? stateOf(report.replication, password) : newReplica(report);
  },
  desire: ({source, port = 3306, user, authority}, present) => ({
    source,
    port,
    user,
    password: 'as set',
    gtid: true,
    ...(authority !== undefined && {tls: 'verified' as const, authority}),
    ioRunning: 'yes',
    sqlRunning: 'yes',
    ...(present !== null && {error: 'none'}),
  }),
  change: (spec, to, present, reply) => changes(spec, to ?? {}, present, reply),
  hint: replicationHint,
});

function stateOf({passwordDigest, ...rest}: Replication, password: Secret): ReplicaState {
  return {...rest, password: passwordDigest === digestOf(password) ? 'as set' : 'different'};
}

/** Absent, if it can be attached without damage. */
function newReplica({databases, hasWritten, hasApplied}: ReplicaReport): null {
  if (databases.length === 0 || (hasApplied && !hasWritten)) return null;
  const origin = hasWritten ? 'that were written here' : 'that did not come by replication';
  throw new UnreadableReply(
    `this server has data ${origin} (databases: ${databases.join(', ')}), and as a replica it would differ from its ` +
      'primary. To attach it, with what it alone has saved: infra db rejoin HOST',
  );
}

function changes(
  {source, port = 3306, user, password, authority, within = 30}: MysqlReplicaSpec,
  to: Partial<ReplicaState>,
  present: Partial<ReplicaState> | null,
  reply: Reply,
): (Command | false)[] {
  const report = parseReplica(reply);
  const {family} = report.server;
  const moves = ATTACHMENT.some((name) => name in to);
  const statements: Statements = [
    ...(present === null ? [] : ['STOP REPLICA;\n']),
    ...(moves ? changeSource(family, {source, port, user, password, authority}) : []),
    'START REPLICA;',
  ];
  return [
    present === null && report.databases.length === 0 && report.hasTransactions && forgetTransactions(report),
    runStatements(family, statements),
    showAs(`wait up to ${within} s until replication runs`, awaitThreads(within)),
  ];
}

const ATTACHMENT = ['source', 'port', 'user', 'password', 'gtid', 'tls', 'authority'];

function refuse({source, port = 3306, user, password, authority}: MysqlReplicaSpec): string | undefined {
  if (source === '' || source.length > 255) return `"${source}" is not the address of a primary`;
  if (!isPort(port)) return `${port} is not a port`;
  if (authority !== undefined && !authority.startsWith('/')) return `"${authority}" is not an absolute path`;
  if (user === '') return 'the name of the replication user is empty';
  const clear = password.reveal();
  if (clear === '' || /[\n\0]/.test(clear)) return 'the password is empty or holds a line break';
  // https://dev.mysql.com/doc/refman/8.4/en/change-replication-source-to.html
  return Buffer.byteLength(clear) > 32
    ? 'servers keep at most 32 bytes of a replication password; make it shorter'
    : undefined;
}

/** The next step for a replication that does not start, by the server's error number. */
function replicationHint({stderr}: Reply): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(stderr))?.[1];
}

const HINTS: readonly [RegExp, string][] = [
  [
    /SSL connection error|certificate/i,
    "Compare the primary's certificate with the authority's file here: it must come from that authority, name the primary's address and be in date.",
  ],
  [
    /\b1236\b|purged|Got fatal error/,
    'The primary no longer has all of its binary logs. Copy its data to this server: infra db seed HOST',
  ],
  [/\b1045\b|Access denied/, "Compare the replication user's password and hosts on the primary."],
  [
    /\b(2002|2003|2013)\b|error (re)?connecting/,
    'Check that the primary runs and that its port can be reached from this server.',
  ],
  [
    /\b(1062|1032|1050|1007|1396|1950)\b|Duplicate entry|Could not execute/,
    'This server differs from its primary. Copy the data of the primary again: infra db seed HOST',
  ],
];
