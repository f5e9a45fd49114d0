import {HostError} from '../../model/index.js';
import {executeReceived} from '../execute-received.js';
import {contains} from '../gtid.js';
import type {OperationHosts} from '../operation.js';
import type {ServerReport} from '../report.js';
import {reportOf} from '../server-steps.js';
import {ghostFile, ghostsOf, manyOf, saveGhosts} from './ghosts.js';

/** A server that is compared with the primary before its data may be removed. */
export interface KeptServer {
  readonly host: string;
  readonly primary: string;
  /** The run's name. */
  readonly run: string;
}

/** What came of it. */
export interface KeptGhosts {
  /** Only a copy of the primary makes it a replica. */
  readonly needsCopy: boolean;
  readonly words: string;
}

/** Seconds to read the binary logs of a server, which may be many gigabytes. */
const SAVE_WITHIN = 3600;

/** Saves to a file what a server alone has, also what it has received and not executed yet. Rejects with `HostError`. */
export async function keepGhosts({host, primary, run}: KeptServer, hosts: OperationHosts): Promise<KeptGhosts> {
  // In this order: what it receives in between would look as if it alone had it.
  const found = await reportOf(host, hosts);
  const source = await reportOf(primary, hosts);
  const own = isPending(found, source) ? await executed(host, primary, found, hosts) : found;
  const ghosts = ghostsOf(own, source);
  const isPartial = own.mustSeed;
  const why = isPartial ? 'its data is from before a restore: it gets a copy; ' : '';
  if (ghosts.count === 0) return {needsCopy: isPartial, words: `${why}it alone has none`};
  const save = saveGhosts(own.server.family, ghosts, run, {isPartial});
  const size = (await hosts.ask(host, save, {seconds: SAVE_WITHIN})).trim();
  return {needsCopy: true, words: `${why}${manyOf(ghosts)} saved to ${ghostFile(run)} (${size} bytes): ${ghosts.text}`};
}

/** Whether a part of what it alone has is only in its relay log, where attaching or seeding it would drop it. */
function isPending({received, executed: own}: ServerReport, source: ServerReport): boolean {
  return !contains(own, received) && !contains(source.executed, received);
}

/** Has it execute them. */
async function executed(host: string, primary: string, report: ServerReport, hosts: OperationHosts) {
  await executeReceived({host, report, stuck: (why) => stuck(host, primary, why)}, hosts);
  return reportOf(host, hosts);
}

function stuck(host: string, primary: string, error: string): HostError {
  return new HostError({
    reason: 'command-failed',
    message: `${host} has received transactions that ${primary} lacks, and does not execute them${error ? `: ${error}` : ''}`,
    hint: 'Nothing was removed. Correct what stops it, then run the same command again.',
  });
}
