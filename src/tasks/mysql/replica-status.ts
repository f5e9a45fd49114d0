import {createHash} from 'node:crypto';
import {UnreadableReply} from '../../model/index.js';
import {type Command, type Reply, type Secret, sh} from '../../shell/index.js';
import {askServer, COLUMNS, literal, type Server, type ServerFamily, serverOf} from './client.js';
import {revokedProbe} from './revocation.js';

/** What a server reports about itself and its replication from one primary. */
export interface ReplicaReport {
  readonly server: Server;
  /** Databases that are not the server's own. */
  readonly databases: readonly string[];
  /** Whether its logs or positions name any transaction: a new server has none. */
  readonly hasTransactions: boolean;
  /** Whether it has applied transactions of a primary. */
  readonly hasApplied: boolean;
  /** Whether it has written transactions itself, which no primary knows. */
  readonly hasWritten: boolean;
  /** The unnamed channel; undefined when no primary is set. */
  readonly replication: Replication | undefined;
}

export interface Replication {
  readonly source: string;
  readonly port: number;
  readonly user: string;
  /** SHA-256 of the stored password, hexadecimal. */
  readonly passwordDigest: string;
  readonly gtid: boolean;
  readonly tls: 'off' | 'unverified' | 'verified';
  /** The file of the authority that is trusted; empty for none. */
  readonly authority: string;
  readonly ioRunning: Running;
  readonly sqlRunning: Running;
  /** The server's own words with its error number, or `none`. */
  readonly error: string;
}

/** Whether a thread of a replica runs. */
export type Running = 'yes' | 'no' | 'connecting';

/**
 * Asks for the state of replication. While the thread that reads from the primary connects, it is asked again for up to
 * 6 s: after a restart of both servers that state passes.
 */
export function replicaProbe(): Command {
  return sh`${revokedProbe}
ask() { ${askServer(QUERY, COLUMNS)}
}
n=0
while
  o=$(ask) || exit
  case $o in *_IO_Running:\ [CP]*) [ $n -lt 12 ] ;; *) false ;; esac
do n=$((n + 1)); sleep 0.5; done
d=$(printf '%s\n' "$o" | sed -n 's/^ *datadir: //p')
if [ -f "$d/master.info" ]; then printf 'password: %s\n' "$(sed -n 6p "$d/master.info" | tr -d '\n' | sha256sum)"; fi
printf '%s\n' "$o"`;
}

/** Throws `UnreadableReply` when there is no server, or an answer that is not understood. */
export function parseReplica(reply: Reply): ReplicaReport {
  const server = serverOf(reply);
  const {own, status} = parseStatus(reply);
  const databases = own.user_databases === 'NULL' ? [] : (own.user_databases ?? '').split(' ').filter(Boolean);
  const positions = [own.applied, own.written].filter((each) => each !== undefined && each !== '');
  return {
    server,
    databases,
    hasTransactions: positions.length > 0,
    hasApplied: Boolean(own.applied),
    hasWritten: hasOwn(own),
    replication: status && replicationOf(status, own),
  };
}

/**
 * One row of a server's own columns and those of its replication, printed with `--vertical` by SHOW REPLICA STATUS: of
 * the unnamed channel, undefined when no primary is set.
 */
export function parseStatus({stdout}: Pick<Reply, 'stdout'>): {
  readonly own: Columns;
  readonly status: Columns | undefined;
} {
  const [head = '', self = '', ...channels] = stdout.split(/^\*+ \d+\. row \*+$/m);
  return {
    own: parseColumns(head + self),
    status: channels.map(parseColumns).find((each) => !each.Channel_Name),
  };
}

export function digestOf(password: Secret): string {
  return createHash('sha256').update(password.reveal()).digest('hex');
}

/** A column with the names of the databases that are not the server's own. */
export const USER_DATABASES = `(SELECT GROUP_CONCAT(schema_name ORDER BY schema_name SEPARATOR ' ') FROM information_schema.schemata
WHERE schema_name NOT IN (${['information_schema', 'mysql', 'performance_schema', 'sys'].map(literal).join(', ')})) AS user_databases`;

const QUERY: Readonly<Record<ServerFamily, string>> = {
  mariadb: `SELECT @@version AS server, @@datadir AS datadir, @@server_id AS self, @@gtid_slave_pos AS applied,
@@gtid_binlog_state AS written, ${USER_DATABASES};
SHOW REPLICA STATUS;`,
  mysql: `SELECT @@version AS server, @@server_uuid AS self, REPLACE(@@gtid_executed, '\\n', '') AS applied,
(SELECT SHA2(User_password, 256) FROM mysql.slave_master_info WHERE Channel_name = '') AS password,
(SELECT GROUP_CONCAT(last_error_message SEPARATOR '; ') FROM performance_schema.replication_applier_status_by_worker
WHERE channel_name = '' AND last_error_number <> 0) AS worker_error, ${USER_DATABASES};
SHOW REPLICA STATUS;`,
};

/** What a client prints with `--vertical`, by the name of the column. */
export type Columns = Readonly<Record<string, string>>;

/** `name: value` lines; lines that continue are part of the value above. The first of a name counts. */
function parseColumns(text: string): Columns {
  const columns: Record<string, string> = {};
  let last: string | undefined;
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^ *([A-Za-z]\w*): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined && !(name in columns)) {
      columns[name] = value;
      last = name;
    } else if (last !== undefined && line !== '') columns[last] += `\n${line}`;
  }
  return columns;
}

/** MySQL names transactions by the writer's uuid, MariaDB by DOMAIN-SERVER-NUMBER. */
function hasOwn({self = '', applied = '', written}: Columns): boolean {
  return written === undefined
    ? applied.includes(self)
    : written.split(',').some((gtid) => gtid.split('-')[1] === self);
}

function replicationOf(status: Columns, own: Columns): Replication {
  const column = (name: string) => sourceColumn(status, name);
  return {
    source: column('Host'),
    port: portOf(column('Port')),
    user: column('User'),
    passwordDigest: own.password?.slice(0, 64) ?? '',
    tls:
      column('SSL_Allowed') !== 'Yes' ? 'off' : column('SSL_Verify_Server_Cert') === 'Yes' ? 'verified' : 'unverified',
    authority: column('SSL_CA_File'),
    gtid: status.Auto_Position === '1' || status.Using_Gtid === 'Slave_Pos',
    ioRunning: threadOf(status, 'IO', 'connecting'),
    sqlRunning: threadOf(status, 'SQL', 'no'),
    error: errorOf(status, own),
  };
}

/** A column about the primary, whose name begins with the family's word for it. Empty where there is none. */
export function sourceColumn(status: Columns, name: string): string {
  return status[`Master_${name}`] ?? status[`Source_${name}`] ?? '';
}

/**
 * Whether a thread runs. `other`: what a word in between means, such as `Connecting` or `Preparing`. Throws
 * `UnreadableReply` for a status that does not say it.
 */
export function threadOf(status: Columns, thread: 'IO' | 'SQL', other: Running): Running {
  const word = status[`Slave_${thread}_Running`] ?? status[`Replica_${thread}_Running`];
  if (word === undefined) throw new UnreadableReply('the server does not say whether replication runs');
  if (word === 'Yes') return 'yes';
  return word === 'No' ? 'no' : other;
}

function portOf(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new UnreadableReply(`the server names the port "${text}" of its primary`);
  return Number(text);
}

/** MySQL's thread only reports that one of its workers failed; the worker reports why. */
function errorOf(status: Columns, own: Columns): string {
  const worker = own.worker_error === 'NULL' ? undefined : own.worker_error;
  const words = {SQL: worker ?? status.Last_SQL_Error, IO: status.Last_IO_Error};
  const errors = Object.entries(words).flatMap(([thread, message]) => {
    const number = status[`Last_${thread}_Errno`] ?? '0';
    return number === '0' ? [] : [`${number} ${message}`];
  });
  return errors.join('; ') || 'none';
}
