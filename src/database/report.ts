import {UnreadableReply} from '../model/index.js';
import {type Command, type Reply, sh} from '../shell/index.js';
import {askServer, COLUMNS, type Server, type ServerFamily, serverOf} from '../tasks/mysql/client.js';
import {
  type Columns,
  parseStatus,
  type Running,
  sourceColumn,
  threadOf,
  USER_DATABASES,
} from '../tasks/mysql/replica-status.js';
import {revokedProbe} from '../tasks/mysql/revocation.js';
import {RECIPIENT_PHASE} from '../tasks/mysql/seed/places.js';
import {parseSourcePromise, type SourcePromise, sourcePromiseProbe} from '../tasks/mysql/source-promise.js';
import {FOREVER} from '../tasks/mysql/writes.js';
import {executedOf, type Gtids, parseGtids, union} from './gtid.js';
import {JOURNAL, MUST_SEED, type OperationJournal, parseJournal} from './journal.js';

/** What a database server says about itself. */
export interface ServerReport {
  readonly server: Server;
  readonly serverId: number;
  /** Only replication may write. */
  readonly isReadOnly: boolean;
  /** Databases that are not the server's own. */
  readonly databases: readonly string[];
  readonly executed: Gtids;
  /** What it has executed, and what waits in its relay log. */
  readonly received: Gtids;
  /** Undefined when it follows no other server. */
  readonly following: Following | undefined;
  /** Whether its clients wait for replicas, and how many of them are connected. */
  readonly semiSync: SemiSync;
  /** What it knows of its source; undefined: nothing that counts now. */
  readonly promise: SourcePromise | undefined;
  /** Its replication was ended for good: a reboot does not begin it again. */
  readonly isRevoked: boolean;
  /** Its data is from before a restore of its primary: only a copy makes it a replica again. */
  readonly mustSeed: boolean;
  /** With `mustSeed`: what it has in common with the restored primary, at least. */
  readonly restoredTo: Gtids | undefined;
  /** A copy of another server is in the place of its data, and what it replaced was not deleted yet. */
  readonly isPlaced: boolean;
  /** An operation that was begun on it and has not ended. */
  readonly journal: OperationJournal | undefined;
}

/** The side of semi-synchronous replication that waits. */
interface SemiSync {
  readonly waits: boolean;
  /** Replicas that each write waits for; 0: none, or it goes on without them after a time-out. */
  readonly acks: number;
  readonly connected: number;
}

/** How a replica follows its source. */
export interface Following {
  readonly source: string;
  readonly port: number;
  /** 0 until it has reached its source once. */
  readonly sourceId: number;
  /** Whether it receives. */
  readonly io: Running;
  /** Whether it executes. */
  readonly sql: boolean;
  /** Seconds behind; undefined while it is not connected. */
  readonly lag: number | undefined;
  /** The last errors, empty for none. */
  readonly error: string;
}

/** Seconds for an answer: a server that hangs must not keep a failover from its work. */
const ANSWER_WITHIN = 8;

/**
 * Asks a server for its report. Prints the journal, if there is one, before it. A copy that was put in place later than the
 * note that one is needed has ended that need.
 */
export const reportProbe: Command = sh`${revokedProbe}
${sourcePromiseProbe}
[ ! -e ${MUST_SEED} ] || { case $(cat ${RECIPIENT_PHASE} 2>/dev/null) in placed|done) [ ${RECIPIENT_PHASE} -nt ${MUST_SEED} ];; *) false;; esac; } ||
{ printf 'must_seed: yes '; tr -d '\n' <${MUST_SEED}; echo; }
[ "$(cat ${RECIPIENT_PHASE} 2>/dev/null)" != placed ] || echo 'seed: placed'
[ ! -f ${JOURNAL} ] || { printf 'journal: '; tr -d '\n' <${JOURNAL}; echo; }
! command -v mariadb >/dev/null || mariadb() { timeout ${ANSWER_WITHIN} mariadb "$@"; }
! command -v mysql >/dev/null || mysql() { timeout ${ANSWER_WITHIN} mysql "$@"; }
${askServer({mariadb: queryFor('mariadb'), mysql: queryFor('mysql')}, COLUMNS)}`;

/** Throws `UnreadableReply` for a server that does not answer, and for an answer that is not understood. */
export function parseReport(reply: Reply): ServerReport {
  if (reply.code === TIMED_OUT)
    throw new UnreadableReply(`the database server has not answered for ${ANSWER_WITHIN} s`);
  const server = serverOf(reply);
  const {own, status} = parseStatus(reply);
  const executed = executedBy(server.family, own);
  const following = status && followingOf(status);
  const promise = parseSourcePromise(own.promise);
  const retrieved = status?.Retrieved_Gtid_Set ?? status?.Gtid_IO_Pos ?? '';
  return {
    server,
    serverId: numberOf(own.id),
    isReadOnly: own.read_only !== '0',
    databases: textOf(own.user_databases).split(' ').filter(Boolean),
    executed,
    received: union(executed, parseGtids(server.family, retrieved)),
    following,
    semiSync: semiSyncOf(server.family, own),
    promise: promise?.source === following?.source ? promise : undefined,
    isRevoked: own.revoked === 'yes',
    ...restoredOf(server.family, own.must_seed),
    isPlaced: own.seed === 'placed',
    journal: own.journal === undefined ? undefined : parseJournal(own.journal),
  };
}

function restoredOf(family: ServerFamily, note: string | undefined): Pick<ServerReport, 'mustSeed' | 'restoredTo'> {
  if (note === undefined) return {mustSeed: false, restoredTo: undefined};
  return {mustSeed: true, restoredTo: parseGtids(family, note.replace(/^yes */, ''))};
}

/** The exit code of timeout(1). */
const TIMED_OUT = 124;

function executedBy(family: ServerFamily, own: Columns): Gtids {
  if (family === 'mysql') return executedOf({family, executed: own.executed ?? ''});
  return executedOf({family, binlogState: own.executed ?? '', slavePosition: own.applied ?? ''});
}

function semiSyncOf(family: ServerFamily, own: Columns): SemiSync {
  const isOn = (text: string | undefined) => text === 'ON' || text === '1';
  const waits = isOn(own.waits);
  // The longest time is more than a number holds exactly.
  const isEndless = isOn(own.patient) && textOf(own.patience) === FOREVER[family];
  return {waits, acks: waits && isEndless ? numberOf(own.acks) : 0, connected: numberOf(textOf(own.connected))};
}

function queryFor(family: ServerFamily): string {
  const isMariadb = family === 'mariadb';
  const [variables, state] = isMariadb
    ? ['information_schema.global_variables', 'information_schema.global_status']
    : ['performance_schema.global_variables', 'performance_schema.global_status'];
  const value = (table: string, name: string) =>
    `(SELECT variable_value FROM ${table} WHERE variable_name = '${name}')`;
  const source = isMariadb ? 'rpl_semi_sync_master' : 'rpl_semi_sync_source';
  const acks = isMariadb ? '1' : value(variables, `${source}_wait_for_replica_count`);
  return `SELECT @@version AS server, @@server_id AS id, @@global.read_only AS read_only, ${USER_DATABASES},
${isMariadb ? '@@gtid_binlog_state AS executed, @@gtid_slave_pos AS applied' : "REPLACE(@@gtid_executed, '\\n', '') AS executed"},
${value(variables, `${source}_enabled`)} AS waits, ${acks} AS acks,
${value(variables, `${source}_timeout`)} AS patience, ${value(variables, `${source}_wait_no_${isMariadb ? 'slave' : 'replica'}`)} AS patient,
${value(state, `${source}_clients`)} AS connected;
SHOW REPLICA STATUS;`;
}

function followingOf(status: Columns): Following {
  const lag = status.Seconds_Behind_Master ?? status.Seconds_Behind_Source ?? 'NULL';
  const errors = [status.Last_IO_Error, status.Last_SQL_Error].filter((each) => each !== undefined && each !== '');
  return {
    source: sourceColumn(status, 'Host'),
    port: numberOf(sourceColumn(status, 'Port')),
    sourceId: numberOf(sourceColumn(status, 'Server_Id')),
    io: threadOf(status, 'IO', 'connecting'),
    sql: threadOf(status, 'SQL', 'no') === 'yes',
    lag: lag === 'NULL' ? undefined : numberOf(lag),
    error: errors.join('; '),
  };
}

const textOf = (value = '') => (value === 'NULL' ? '' : value);

function numberOf(text = ''): number {
  if (/^\d{0,15}$/.test(text)) return Number(text);
  throw new UnreadableReply(`the database server answers "${text.slice(0, 40)}" in place of a number`);
}
