import {HostError} from '../model/index.js';
import {asWord, type Command, raw, sh, showAs} from '../shell/index.js';
import {literal, runStatements, type ServerFamily, type Statements} from '../tasks/mysql/client.js';
import {awaitThreads, changeSource} from '../tasks/mysql/replica-statements.js';
import {REVOKED} from '../tasks/mysql/revocation.js';
import {
  closeWrites,
  closeWritesOfAll,
  endClients,
  fenceWrites,
  openWrites,
  SEMI_SYNC,
  waitForNone,
} from '../tasks/mysql/writes.js';
import {pauseEvents, resumeEvents} from './events.js';
import {type Gtids, renderPosition} from './gtid.js';
import {JOURNAL} from './journal.js';
import type {OperationHosts} from './operation.js';
import {parseReport, reportProbe, type ServerReport} from './report.js';
import {type DatabaseSite, UNITS} from './site.js';

/** What steps need to know of a site: how its servers are told to do things. */
export type Dialect = Pick<DatabaseSite, 'family' | 'port' | 'account' | 'authority' | 'acks'>;

/** A fresh report of a server. Rejects with `HostError`. */
export async function reportOf(host: string, hosts: OperationHosts): Promise<ServerReport> {
  return reportIn(await hosts.ask(host, reportProbe));
}

/** The report that a command has printed. Throws `UnreadableReply`. */
export const reportIn = (stdout: string) => parseReport({stdout, stderr: '', code: 0, truncated: false});

/** Seconds that a server is left closed when the run that closed it is gone. */
const REOPEN_AFTER = 30;
const REOPEN = 'infra-database-reopen';

/**
 * Ends writes and disconnects the clients, within five seconds for commits under way; clients with locks or transactions
 * that keep the server from it are disconnected after two. A timer on the host opens them again after 30 s, so that a run
 * which is killed now leaves the server as it was; {@link keepClosed} ends the timer. Then it prints the server's report.
 */
export function closeForNow({family, acks}: Dialect): Command {
  const open = sh`${runStatements(family, [openWrites(family, {semiSync: acks > 0})])} && ${resumeEvents(family)}`;
  const close = closeWritesOfAll(family, {seconds: 5, semiSync: acks > 0 && !stopsWaitingLate(family)});
  const timer = sh`systemd-run --quiet --collect --on-active=${REOPEN_AFTER} --timer-property=AccuracySec=100ms --unit=${REOPEN} sh -c ${asWord(open)}`;
  const script = sh`systemctl stop ${REOPEN}.timer 2>/dev/null; { ${timer} && ${pauseEvents(family)} && { ${close} || ${STAYS_OPEN}; } && ${endClients(family)}${ASK_AGAIN}; } >/dev/null && { ${reportProbe}
}`;
  return showAs(`${close}`, script);
}

/**
 * MySQL needs up to a second to end its thread for acknowledgements, and answers no one in the meantime. Nothing is
 * written on a closed server until it is attached, and the applier of a replica can wait for that second.
 */
export const stopsWaitingLate = (family: ServerFamily) => family === 'mysql';

const STAYS_OPEN = sh`{ echo 'The server did not become read-only: a session of root holds locks, or commits wait for a replica. To see them: SHOW FULL PROCESSLIST' >&2; false; }`;

/**
 * Ends the timer of {@link closeForNow}, and what it has just started, and prints the server's report. Fails when it has
 * opened writes already.
 */
export function keepClosed({family}: Dialect): Command {
  return sh`systemctl stop ${REOPEN}.timer && { systemctl stop ${REOPEN}.service 2>/dev/null || true; } && [ "$(${runStatements(family, ['SELECT @@global.read_only;'])})" = 1 ] ||
{ echo 'The server takes writes again: a timer on the host has opened them, as the run took too long.' >&2; exit 1; }
${reportProbe}`;
}

/** Opens writes again, after {@link closeForNow}. */
export function reopen({family, acks}: Dialect): Command {
  return sh`systemctl stop ${REOPEN}.timer 2>/dev/null; ${runStatements(family, [openWrites(family, {semiSync: acks > 0})])} && ${resumeEvents(family)}`;
}

/** Opens writes on a new primary. `acks`: replicas that its writes wait for. */
export function openPrimary(family: ServerFamily, acks: number): Command {
  return sh`${runStatements(family, [openWrites(family, acks > 0 ? {acks} : {semiSync: false})])} && ${resumeEvents(family)}${ASK_AGAIN}`;
}

/** Has the health service ask the server at once, so that balancers see the change. A reload of the unit would take longer. */
const ASK_AGAIN = raw(' && { systemctl kill --signal=HUP database-health.service 2>/dev/null || true; }');

/** Has writes wait for `acks` replicas from now on. */
export function waitForReplicas(family: ServerFamily, acks: number): Command {
  const {source, replica} = SEMI_SYNC[family];
  const count = family === 'mysql' ? `SET GLOBAL rpl_semi_sync_source_wait_for_replica_count = ${acks};\n` : '';
  return runStatements(family, [`${count}SET GLOBAL ${source} = @@GLOBAL.${replica};`]);
}

/**
 * Waits until a server has executed these transactions, at most `seconds`. Rejects with `HostError`. Shows nothing
 * while it waits.
 */
export async function waitFor(
  {host, gtids, seconds}: {readonly host: string; readonly gtids: Gtids; readonly seconds: number},
  hosts: OperationHosts,
): Promise<void> {
  const position = literal(renderPosition(gtids));
  const wait = gtids.family === 'mariadb' ? 'MASTER_GTID_WAIT' : 'WAIT_FOR_EXECUTED_GTID_SET';
  const command = runStatements(gtids.family, [`SELECT ${wait}(${position}, ${seconds});`]);
  const answer = await hosts.ask(host, command, {seconds: seconds + 20});
  if (answer.trim() === '0') return;
  throw new HostError({
    reason: 'timed-out',
    message: `${host} has not executed everything after ${seconds} s`,
    hint: 'Wait until it is no longer behind: infra db status',
  });
}

/** Waits until a server has executed all that another one has executed now, at most `seconds`. Rejects with `HostError`. */
export async function catchUp(
  {host, source, seconds}: {readonly host: string; readonly source: string; readonly seconds: number},
  hosts: OperationHosts,
): Promise<void> {
  const {executed} = await reportOf(source, hosts);
  await waitFor({host, gtids: executed, seconds}, hosts);
}

/** Makes a replica an independent server, which is still read-only. What it has not executed is lost: wait for it first. */
export function detach(family: ServerFamily): Command {
  return sh`${runStatements(family, ['STOP REPLICA;\nRESET REPLICA ALL;'])} && rm -f ${REVOKED[family]}`;
}

/** Seconds until replication must run after a server was attached. */
const ATTACHED_WITHIN = 30;

/**
 * Attaches a server to a primary, at the end of what it has executed itself; it is read-only from before. Fails with the
 * server's own words when replication does not run within 30 s. A replica that waited for others would not apply.
 */
export function attach(dialect: Dialect, source: string, report: ServerReport): Command {
  const {family, port, account, authority} = dialect;
  const stop: Statements = [
    ...(report.semiSync.waits ? [`${waitForNone(family)}\n`] : []),
    ...(report.following ? ['STOP REPLICA;\n'] : []),
  ];
  // Where a server has written itself, only its binary log knows the end.
  const position: Statements =
    family === 'mariadb' && !report.following
      ? [`SET GLOBAL gtid_slave_pos = ${literal(renderPosition(report.executed))};\n`]
      : [];
  const statements = [
    ...stop,
    ...position,
    ...changeSource(family, {source, port, ...account, authority}),
    'START REPLICA;',
  ];
  // A journal that says it was to be promoted is of an operation that another one has overtaken.
  return sh`rm -f ${REVOKED[family]} ${JOURNAL} && ${runStatements(family, statements)} && ${awaitThreads(ATTACHED_WITHIN)}`;
}

/** Seconds that {@link closeForGood} may take. */
export const CLOSED_WITHIN = 60;

/**
 * Closes writes for good: commits that still wait for a replica are not acknowledged, and the timer of a switchover that
 * did not end no longer opens it.
 */
export function closeForGood({family, acks}: Dialect): Command {
  const plain = sh`${runStatements(family, [closeWrites(family, {seconds: 5, semiSync: false})])} && ${endClients(family)}`;
  return sh`systemctl stop ${REOPEN}.timer ${REOPEN}.service 2>/dev/null
${pauseEvents(family)} 2>/dev/null
${acks > 0 ? fenceWrites(family) : plain}`;
}

/** Starts a server that is stopped; it comes up read-only. */
export function startServer(family: ServerFamily): Command {
  const unit = UNITS[family];
  return sh`systemctl is-active --quiet ${unit} || systemctl start ${unit}`;
}

/** Seconds for it: it may have to recover its data first. */
export const STARTED_WITHIN = 300;
