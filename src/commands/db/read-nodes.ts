import {parseReport, reportProbe} from '../../database/report.js';
import type {DatabaseNode} from '../../database/site.js';
import {parseWatcher, type WatcherNode, watcherProbe} from '../../database/watcher.js';
import type {ReachedHost} from '../../engine/connect/host-pool.js';
import {
  type DatabaseFailoverDeclaration,
  type Failure,
  type Host,
  HostError,
  privateAddressOf,
  UnreadableReply,
} from '../../model/index.js';
import type {Command, Reply} from '../../shell/index.js';

/* What the hosts of a database say, those that do not answer too. */

/** A host of the inventory: connected, or why not; undefined where nobody has tried. */
type Tried = ReachedHost | Failure | undefined;

/** Seconds for a report: a server that hangs is not running, as far as a command is concerned. */
const REPORT_WITHIN = 20;

/** Asks a database server for its report. Never rejects for what the host does. */
export async function readNode(host: Host, tried: Tried): Promise<DatabaseNode> {
  const node = {host, address: privateAddressOf(host)};
  const answer = await ask(tried, reportProbe, parseReport);
  if ('report' in answer) return {...node, isReached: true, report: answer.report, failure: undefined};
  return {...node, ...answer, report: undefined};
}

/** Asks a balancer for what its automatic failover says. Never rejects for what the host does. */
export async function readWatcher(
  host: Host,
  service: DatabaseFailoverDeclaration,
  tried: Tried,
): Promise<WatcherNode> {
  const answer = await ask(tried, watcherProbe(service), parseWatcher);
  return 'report' in answer
    ? {host, report: answer.report, failure: undefined}
    : {host, report: undefined, failure: answer.failure};
}

async function ask<Report>(tried: Tried, command: Command, parse: (reply: Reply) => Report) {
  if (tried === undefined || !('connection' in tried)) return {isReached: false, failure: tried};
  try {
    const [reply] = await tried.connection.run([{command, required: false}], {within: REPORT_WITHIN});
    if (!reply) throw new UnreadableReply('the host gave no answer');
    return {report: parse(reply)};
  } catch (error) {
    return {isReached: error instanceof UnreadableReply, failure: failureOf(error)};
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof HostError) return error.failure;
  if (!(error instanceof UnreadableReply)) throw error;
  return {reason: 'probe-failed', message: error.message};
}
