import {type Command, sh} from '../shell/index.js';
import {runStatements, type ServerFamily} from '../tasks/mysql/client.js';
import {REVOCATION, REVOKED} from '../tasks/mysql/revocation.js';
import type {Following} from './report.js';

/** Where a replica receives from. */
type Source = Pick<Following, 'source' | 'port'>;

/**
 * Ends what a replica receives, also after a reboot: it acknowledges nothing more for its source. What it has received it
 * goes on to execute.
 */
export function revoke(family: ServerFamily, from: Source | undefined): Command {
  const file = REVOKED[family];
  return sh`printf %s ${REVOCATION[family]} >${file}.new && mv ${file}.new ${file} && sync ${file} ${file.replace(/\/[^/]*$/, '')} &&
${awaitBalancers(family)} && ${endReceiving(family, from)}`;
}

/** The lock that a balancer holds on a majority of the database servers while it promotes one of them by itself. */
const BALANCERS_LOCK = 'infra-failover';

/**
 * Waits at most 20 s until no balancer is promoting a server. A balancer takes the lock first and then asks whether
 * infra has revoked a replica, and infra the other way round: one of the two always sees the other.
 */
function awaitBalancers(family: ServerFamily): Command {
  const isFree = runStatements(family, [`SELECT IS_FREE_LOCK('${BALANCERS_LOCK}');`]);
  return sh`(n=0; until [ "$(${isFree})" = 1 ]; do n=$((n + 1))
[ $n -lt 40 ] || { echo 'A balancer is promoting a server by itself: journalctl -u database-failover' >&2; exit 1; }
sleep 0.5; done)`;
}

/** Takes back {@link revoke}. */
export function restoreReplication(family: ServerFamily): Command {
  return sh`rm -f ${REVOKED[family]} && ${runStatements(family, ['START REPLICA;'])}`;
}

/**
 * Has a replica receive nothing more. A thread that waits for a host without power goes on to wait after the statement:
 * up to ten seconds to connect, and on MariaDB five more to say goodbye (`rpl_semi_sync_slave_kill_conn_timeout`). The
 * host's kernel ends such connections at once, where it can (ss --kill); the thread opens no other one then. It is not done in
 * the first half second, in which a source that lives takes its leave.
 */
function endReceiving(family: ServerFamily, from: Source | undefined): Command {
  const stop = runStatements(family, ['STOP REPLICA IO_THREAD;']);
  if (!from) return stop;
  const {source, port} = from;
  const address = source.includes(':') ? `[${source}]` : source;
  return sh`(${stop} &
n=0
while sleep 0.1; kill -0 $! 2>/dev/null && [ $n -lt 250 ]
do n=$((n + 1)); [ $n -lt 5 ] || ss --kill --tcp state connected dst ${address} dport = ${port} >/dev/null 2>&1; done
wait $!)`;
}
