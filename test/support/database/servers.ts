import {setTimeout as sleep} from 'node:timers/promises';
import {executedOf, type Gtids, parseGtids, union} from '../../../src/database/gtid.js';
import {Secret} from '../../../src/shell/index.js';
import type {ServerFamily} from '../../../src/tasks/mysql/client.js';
import {changeSource} from '../../../src/tasks/mysql/replica-statements.js';
import {askConsole, onConsole} from './console.js';
import type {Node} from './network.js';
import {patience} from './patience.js';

/*
 * Database servers of a test, asked and changed by SQL on their consoles, without infra: what infra does is checked
 * against this, and control runs are made of it.
 */

export interface DatabaseServer extends Node {
  readonly family: ServerFamily;
}

/** An account of the tests, from everywhere in the lab and over TLS. Its name is the password. */
export const CLIENT = {user: 'rigclient', password: 'rigclient'} as const;
const REPLICATOR = 'rigreplica';

/** Makes the accounts on the primary. */
export const ACCOUNTS = `CREATE USER IF NOT EXISTS '${CLIENT.user}'@'198.18.0.%' IDENTIFIED BY '${CLIENT.password}' REQUIRE SSL;
GRANT SELECT, INSERT ON rig.* TO '${CLIENT.user}'@'198.18.0.%';
CREATE USER IF NOT EXISTS '${REPLICATOR}'@'198.18.0.%' IDENTIFIED BY '${REPLICATOR}' REQUIRE SSL;
GRANT REPLICATION SLAVE ON *.* TO '${REPLICATOR}'@'198.18.0.%';`;

/** What SHOW REPLICA STATUS says. */
export interface ReplicaStatus {
  readonly source: string;
  readonly io: string;
  readonly sql: string;
  /** Empty for none. */
  readonly error: string;
  /** Of MySQL, what it has fetched; of MariaDB, up to where. */
  readonly received: string;
}

/** A server as it answers now. */
export interface ServerState {
  readonly readOnly: boolean;
  readonly replica: ReplicaStatus | undefined;
  readonly executed: Gtids;
  readonly received: Gtids;
}

/** Rows of text, fields split by tabs. Throws when the server refuses. */
export function sql(server: DatabaseServer, statements: string): Promise<string> {
  return askConsole(server.name, feeding(server, statements, '--batch --skip-column-names'));
}

/** The same, where a refusal is an answer too: its text. */
export async function trySql(server: DatabaseServer, statements: string): Promise<string> {
  const {stdout, stderr} = await onConsole(server.name, feeding(server, statements, '--batch --skip-column-names'));
  return stdout + stderr;
}

function feeding({family}: DatabaseServer, statements: string, options: string): string {
  const client = family === 'mariadb' ? 'mariadb --skip-ssl' : 'mysql';
  return `${client} ${options} <<'END-OF-SQL'\n${statements}\nEND-OF-SQL\n`;
}

/** Undefined for a server that does not answer within three seconds: off, stopped, hanging. */
export async function stateOf(server: DatabaseServer): Promise<ServerState | undefined> {
  const {family} = server;
  const variables = family === 'mariadb' ? ['gtid_binlog_state', 'gtid_slave_pos'] : ['gtid_executed'];
  const question = `SELECT @@global.read_only AS read_only; SELECT 'state' AS state, ${variables
    .map((name) => `REPLACE(@@global.${name}, '\\n', '') AS ${name}`)
    .join(', ')}; SHOW REPLICA STATUS;`;
  const answer = await answerOf(server, `timeout 3 ${feeding(server, question, '--vertical')}`);
  if (answer === undefined) return undefined;
  const field = (name: string) => new RegExp(`^ *${name}: (.*)$`, 'm').exec(answer)?.[1]?.trim() ?? '';
  const replica = replicaOf(answer, field);
  const executed =
    family === 'mariadb'
      ? executedOf({family, binlogState: field('gtid_binlog_state'), slavePosition: field('gtid_slave_pos')})
      : executedOf({family, executed: field('gtid_executed')});
  return {
    ...{replica, executed},
    readOnly: field('read_only') !== '0',
    received: replica ? union(executed, parseGtids(family, replica.received)) : executed,
  };
}

async function answerOf({name}: DatabaseServer, text: string): Promise<string | undefined> {
  try {
    const {code, stdout} = await onConsole(name, text);
    return code === 0 ? stdout : undefined;
  } catch {
    return undefined;
  }
}

function replicaOf(answer: string, field: (name: string) => string): ReplicaStatus | undefined {
  if (!/_IO_Running:/.test(answer)) return undefined;
  // A set of several servers goes over several lines.
  const fetched = /Retrieved_Gtid_Set: ([\da-f:\-,\s]*?)\n *Executed_Gtid_Set/.exec(answer)?.[1];
  return {
    source: field('(?:Master|Source)_Host'),
    io: field('(?:Slave|Replica)_IO_Running'),
    sql: field('(?:Slave|Replica)_SQL_Running'),
    error: [field('Last_IO_Error'), field('Last_SQL_Error')].filter((text) => text !== '').join('; '),
    received: fetched ?? field('Gtid_IO_Pos'),
  };
}

/** Makes a replica the primary, whatever it has: a control run that promises nothing. */
export function promote(server: DatabaseServer): Promise<string> {
  const writable = server.family === 'mariadb' ? 'read_only = 0' : 'super_read_only = 0, GLOBAL read_only = 0';
  return sql(server, `STOP REPLICA; RESET REPLICA ALL; SET GLOBAL ${writable};`);
}

/** Closes a server for writes. */
export function demote(server: DatabaseServer): Promise<string> {
  return sql(server, `SET GLOBAL ${server.family === 'mariadb' ? 'read_only' : 'super_read_only'} = 1;`);
}

/** Has a server copy another one, over TLS and by GTID. */
export async function attach(server: DatabaseServer, primary: DatabaseServer): Promise<void> {
  const {family} = server;
  const login = {source: primary.address, port: 3306, user: REPLICATOR, password: new Secret(REPLICATOR)};
  const statements = changeSource(family, {...login, authority: '/etc/mysql/tls/ca.pem'});
  const change = statements.map((piece) => (typeof piece === 'string' ? piece : piece.reveal())).join('');
  await sql(server, `STOP REPLICA;\n${change.replaceAll(/CONNECT_RETRY = \d+/g, 'CONNECT_RETRY = 1')}START REPLICA;`);
}

/** Has writes wait for no replica, or for one of these without a time-out. */
export async function switchSemiSync(
  primary: DatabaseServer,
  replicas: readonly DatabaseServer[],
  to: 'on' | 'off',
): Promise<void> {
  if (primary.family === 'mysql') for (const server of [primary, ...replicas]) await installPlugins(server);
  const [source, replica] =
    primary.family === 'mariadb'
      ? ['rpl_semi_sync_master', 'rpl_semi_sync_slave']
      : ['rpl_semi_sync_source', 'rpl_semi_sync_replica'];
  if (to === 'off') {
    await sql(primary, `SET GLOBAL ${source}_enabled = 0;`);
    return;
  }
  for (const server of replicas) {
    await sql(server, `SET GLOBAL ${replica}_enabled = 1; STOP REPLICA IO_THREAD; START REPLICA IO_THREAD;`);
  }
  // The greatest value there is, 49 days: never asynchronous.
  await sql(
    primary,
    `SET GLOBAL ${source}_timeout = 4294967295; SET GLOBAL ${source}_wait_point = AFTER_SYNC;
SET GLOBAL ${source}_enabled = 1;`,
  );
}

/** INSTALL PLUGIN needs a writable server. */
async function installPlugins(server: DatabaseServer): Promise<void> {
  const names = await sql(
    server,
    "SELECT plugin_name FROM information_schema.plugins WHERE plugin_name LIKE 'rpl_semi%';",
  );
  if (names.includes('rpl_semi_sync_source')) return;
  await sql(
    server,
    `SET @before = @@global.super_read_only; SET GLOBAL super_read_only = 0;
INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so';
INSTALL PLUGIN rpl_semi_sync_replica SONAME 'semisync_replica.so';
SET GLOBAL super_read_only = @before;`,
  );
}

/** How often each number is in the table of the writers. */
export async function rowsOf(server: DatabaseServer): Promise<ReadonlyMap<number, number>> {
  const rows = await sql(server, 'SELECT id, COUNT(*) FROM rig.numbers GROUP BY id;');
  return new Map(
    rows
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [id = 0, count = 0] = line.split('\t').map(Number);
        return [id, count] as const;
      }),
  );
}

/** Asks again and again. Throws after `seconds`, more on a busy machine, with what was waited for. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 30): Promise<void> {
  const end = performance.now() + seconds * 1000 * patience();
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(100);
  }
}
