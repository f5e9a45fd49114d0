import type {HostError} from '../model/index.js';
import {runStatements} from '../tasks/mysql/client.js';
import type {OperationHosts} from './operation.js';
import type {ServerReport} from './report.js';
import {reportOf, waitFor} from './server-steps.js';

/** A server that has received more than it has executed. */
interface Receiver {
  readonly host: string;
  readonly report: ServerReport;
  /** The error where it does not execute it. `why`: the server's words, or empty. */
  stuck(why: string): HostError;
}

/** Seconds between two checks that it still executes, and in all: hours of lag are possible, and nothing is lost by waiting. */
const CHECK_EVERY = 10;
const WITHIN = 3600;

/**
 * Has a replica execute all that it has received; one whose applier was stopped is started. Rejects with `HostError`: as
 * soon as its applier has stopped, and after an hour.
 */
export async function executeReceived({host, report, stuck}: Receiver, hosts: OperationHosts): Promise<void> {
  const {received: gtids, server} = report;
  // One that follows none has nothing to execute, and refuses.
  if (report.following) await hosts.ask(host, runStatements(server.family, ['START REPLICA SQL_THREAD;']));
  for (let left = WITHIN; left > 0; left -= CHECK_EVERY) {
    try {
      return await waitFor({host, gtids, seconds: CHECK_EVERY}, hosts);
    } catch {
      const {following} = await reportOf(host, hosts);
      if (!following?.sql) throw stuck(following?.error ?? '');
    }
  }
  throw stuck(`not within ${WITHIN} s`);
}
