import {type Command, sh, showAs} from '../../shell/index.js';
import {PLAIN, runStatements, type ServerFamily} from './client.js';

/**
 * The statements that let clients write. First the side of semi-synchronous replication that waits for replicas, when
 * the server's option file has that (`rpl_semi_sync_…_slave_enabled` or `…_replica_enabled`, on every server): a server
 * starts without it, and an acknowledged write must never be one that nobody waited for. The number of replicas and the
 * time-out are in the option file, so that the statements are the same for every setting.
 *
 * `acks`: how many replicas to wait for until the next restart, where fewer are left than the file says (MySQL only;
 * MariaDB always waits for one). `semiSync: false` is for MySQL without the plugins, which does not know the variables.
 */
export function openWrites(family: ServerFamily, {acks, semiSync = true}: OpenOptions = {}): string {
  const {source, replica} = SEMI_SYNC[family];
  return [
    ...(acks === undefined || family === 'mariadb'
      ? []
      : [`SET GLOBAL rpl_semi_sync_source_wait_for_replica_count = ${acks};`]),
    ...(semiSync ? [`SET GLOBAL ${source} = @@GLOBAL.${replica};`] : []),
    // MySQL then switches super_read_only off too.
    'SET GLOBAL read_only = OFF;',
  ].join('\n');
}

interface OpenOptions {
  readonly acks?: number;
  readonly semiSync?: boolean;
}

/** Has writes wait for no replica: those that wait are acknowledged. */
export function waitForNone(family: ServerFamily): string {
  return `SET GLOBAL ${SEMI_SYNC[family].source} = OFF;`;
}

/**
 * The statements that end writes: they wait until each commit under way is done, at most `seconds`, and then nothing more is
 * committed, not even by a transaction that began before (error 1290). Error 1205 when commits still wait for
 * a replica: nothing has changed then ({@link fenceWrites} ends those). Only when no commit waits is the side that waits
 * for replicas switched off, since that would acknowledge them; it must be off on a replica, whose applier would wait.
 */
export function closeWrites(family: ServerFamily, {seconds = 10, semiSync = true}: CloseOptions = {}): string {
  return [
    `SET SESSION lock_wait_timeout = ${seconds};`,
    `SET GLOBAL ${STRICTEST[family]} = ON;`,
    ...(semiSync ? [waitForNone(family)] : []),
  ].join('\n');
}

interface CloseOptions {
  readonly seconds?: number;
  readonly semiSync?: boolean;
}

/**
 * Closes a server whose commits wait for replicas that do not answer, and acknowledges none of them: while the server
 * waits to become read-only no new commit begins; every client is disconnected, and only then, on MySQL, where a killed
 * session goes on to wait, are the commits let go. They stay in this server's log: they are what a rejoin must save.
 * Fails after 30 s. Clients of root and replicas stay connected.
 */
export function fenceWrites(family: ServerFamily): Command {
  const letGo = family === 'mysql' ? runStatements(family, [waitForNone(family)]) : sh`:`;
  // Who comes after the lock is pending begins no commit; who came before is disconnected before commits are let go.
  return closeAgainst(family, {seconds: 30, patience: 1, semiSync: true}, sh`; ${letGo}`);
}

/**
 * Closes writes as {@link closeWrites} does, and ends the clients whose locks, transactions or changes of tables keep the
 * server from it for two seconds. Commits that wait for a replica are not let go: then it fails after `seconds`, and nothing
 * but sessions has ended.
 */
export function closeWritesOfAll(family: ServerFamily, {seconds, semiSync}: Required<CloseOptions>): Command {
  return closeAgainst(family, {seconds, patience: 4, semiSync}, sh``);
}

interface Patience extends Required<CloseOptions> {
  /** Half seconds until clients are ended. */
  readonly patience: number;
}

function closeAgainst(family: ServerFamily, {seconds, patience, semiSync}: Patience, letGo: Command): Command {
  const close = closeWrites(family, {seconds, semiSync});
  const isPending = sh`[ -n "$(${runStatements(family, [PENDING])})" ]`;
  // Next to it, so that a server which closes at once is closed at once.
  const script = sh`(n=0; while sleep 0.5; [ $n -lt ${2 * seconds} ]
do n=$((n + 1)); [ $n -lt ${patience} ] || ! ${isPending} || { ${endClients(family)}${letGo}; }; done) >/dev/null 2>&1 </dev/null & ending=$!
${runStatements(family, [close])}; closed=$?; kill $ending 2>/dev/null; [ $closed = 0 ]`;
  return showAs(`${family}: ${close}, and end clients that keep it from that`, script);
}

/** Whether the server waits for its clients to become read-only. */
const PENDING = `SELECT id FROM information_schema.processlist
WHERE info LIKE 'SET GLOBAL %read_only = ON%' AND state LIKE 'Waiting for %';`;

/**
 * Disconnects every client. Replicas, root and the health service stay connected. A client that has just gone is an error
 * that does not matter.
 */
export function endClients(family: ServerFamily): Command {
  const clients = runStatements(family, [CLIENTS]);
  const end = sh`${clients} | sed 's/.*/KILL &;/' | ${family} ${PLAIN[family]} --force 2>/dev/null || true`;
  return showAs(`${family}: end all clients`, end);
}

/**
 * Connections that are neither the server's own, nor root's, nor of the health service, nor replicas, nor killed already.
 * Who logs in on the host itself at the moment may be root, and stays. Root's commit that waits for a replica is ended
 * too: where the commits are let go it would be acknowledged.
 */
const CLIENTS = `SELECT id FROM information_schema.processlist
WHERE (user NOT IN ('root', 'database-health', 'system user', 'event_scheduler') OR state LIKE 'Waiting for semi-sync ACK%')
AND NOT (user = 'unauthenticated user' AND host = 'localhost') AND command NOT IN ('Binlog Dump', 'Binlog Dump GTID', 'Daemon', 'Killed');`;

/** The variables of the two sides of semi-synchronous replication. */
export const SEMI_SYNC = {
  mariadb: {source: 'rpl_semi_sync_master_enabled', replica: 'rpl_semi_sync_slave_enabled'},
  mysql: {source: 'rpl_semi_sync_source_enabled', replica: 'rpl_semi_sync_replica_enabled'},
} as const;

/** Milliseconds: the largest numbers that the servers take, 585 million years and 49 days. */
export const FOREVER = {mariadb: '18446744073709551615', mysql: '4294967295'} as const;

const STRICTEST: Readonly<Record<ServerFamily, string>> = {mariadb: 'read_only', mysql: 'super_read_only'};
