import {counted, HostError} from '../model/index.js';
import {type Command, sh} from '../shell/index.js';
import type {ServerFamily} from '../tasks/mysql/client.js';
import {executeReceived} from './execute-received.js';
import {contains, count, subtract} from './gtid.js';
import {deleteJournal, writeJournal} from './journal.js';
import type {OperationHosts, OperationStep} from './operation.js';
import {onlyOn} from './promise.js';
import type {Promotion} from './promotion.js';
import {restoreReplication, revoke} from './revoke.js';
import {CLOSED_WITHIN, closeForGood, reopen, reportOf, STARTED_WITHIN, startServer} from './server-steps.js';
import {type AnsweringNode, type DatabaseNode, type DatabaseSite, sayOf, UNITS} from './site.js';

/**
 * Ends what every replica receives, so that the old primary can acknowledge nothing more. `first`: steps that come after
 * the journal has begun.
 */
export function revocation(
  site: DatabaseSite,
  replicas: readonly AnsweringNode[],
  {entry, candidate}: Promotion,
  first: readonly OperationStep[] = [],
): readonly OperationStep[] {
  const begun: OperationStep = {
    host: candidate.host.name,
    text: 'begin the journal of this operation',
    run: async (hosts) => void (await hosts.ask(candidate.host.name, writeJournal({...entry, phase: 'begun'}))),
    undo: {text: 'forget the journal', run: (hosts) => hosts.ask(candidate.host.name, deleteJournal)},
  };
  const stops = replicas.filter(({report}) => report.following !== undefined);
  return [begun, ...first, ...stops.map((node) => receivesNothing(site, node, 'the old primary'))];
}

/** Ends what a replica receives from `source`, which the plan calls so. */
export function receivesNothing(
  {family}: Pick<DatabaseSite, 'family'>,
  {host, report}: AnsweringNode,
  source: string,
): OperationStep {
  return {
    host: host.name,
    text: `receive nothing more from ${source}, also after a restart`,
    isParallel: true,
    run: async (hosts) => {
      await hosts.ask(host.name, revoke(family, report.following));
      const {following} = await reportOf(host.name, hosts);
      if (following?.io !== 'no') throw stillReceives(host.name, source);
    },
    ...(!report.isRevoked && {
      undo: {
        text: `receive from ${source} again`,
        run: (hosts) => hosts.ask(host.name, restoreReplication(family)),
      },
    }),
  };
}

function stillReceives(name: string, source: string): HostError {
  const hint = 'To see how the servers stand: infra db status';
  return new HostError({reason: 'command-failed', message: `${name} still receives from ${source}`, hint});
}

/** Has the candidate execute all that any of the replicas has received. */
export function finished(
  site: DatabaseSite,
  candidate: AnsweringNode,
  others: readonly AnsweringNode[],
  acceptLoss: boolean,
): OperationStep {
  const {name} = candidate.host;
  return {
    host: name,
    text: 'execute everything that it has received',
    run: async (hosts) => {
      const own = await reportOf(name, hosts);
      const rest = await Promise.all(others.map(({host}) => reportOf(host.name, hosts)));
      const ahead = others.filter((_, index) => {
        const other = rest[index];
        return other !== undefined && !contains(own.received, other.received);
      });
      if (ahead.length > 0 && !acceptLoss) throw notAll(name, ahead, own, rest);
      await executeReceived({host: name, report: own, stuck: (why) => executesNothing(name, why)}, hosts);
      return site.family === 'mysql' ? `${counted(count(own.received), 'transaction')} executed` : 'all executed';
    },
  };
}

function notAll(
  name: string,
  ahead: readonly AnsweringNode[],
  own: AnsweringNode['report'],
  rest: readonly AnsweringNode['report'][],
): HostError {
  const lacking = rest.map(({received}) => subtract(received, own.received).text).filter((text) => text !== '');
  const [first] = ahead;
  return new HostError({
    reason: 'command-failed',
    message: `${sayOf(ahead, 'has', 'have')} received what ${name} has not: ${lacking.join('; ')}`,
    hint: `Promote that one: infra db failover ${first?.host.name}`,
  });
}

/**
 * Makes an old primary whose host can still be reached harmless. Where its writes waited for replicas it can acknowledge
 * nothing any longer in any case; where they may not have, it must not go on while another server takes writes.
 */
export function fenced(site: DatabaseSite, {host, report}: DatabaseNode, mayFail: boolean): OperationStep {
  return {
    host: host.name,
    text: 'end writes, disconnect the clients and stop the server',
    mayFail,
    run: async (hosts: OperationHosts) => {
      if (report) await hosts.ask(host.name, closeForGood(site), {seconds: CLOSED_WITHIN}).catch(() => undefined);
      await hosts.ask(host.name, stopServer(site.family), {seconds: 120});
      return undefined;
    },
  };
}

/**
 * Closes and stops an old primary that takes writes which too few replicas receive. It comes before everything else, and
 * it must succeed: clients reach this server. Tells what only it has.
 */
export function closed(site: DatabaseSite, old: AnsweringNode, candidate: AnsweringNode): OperationStep {
  const {name} = old.host;
  return {
    host: name,
    text: 'end writes, disconnect the clients and stop the server',
    run: async (hosts) => {
      await hosts.ask(name, closeForGood(site), {seconds: CLOSED_WITHIN});
      const [own, other] = await Promise.all([reportOf(name, hosts), reportOf(candidate.host.name, hosts)]);
      await hosts.ask(name, stopServer(site.family), {seconds: 120});
      return (
        onlyOn({...old, report: own}, {...candidate, report: other}) ?? `${candidate.host.name} has all that it has`
      );
    },
    undo: {
      text: 'start the server again, and take writes',
      run: async (hosts) => {
        await hosts.ask(name, startServer(site.family), {seconds: STARTED_WITHIN});
        await hosts.ask(name, reopen({...site, acks: old.report.semiSync.waits ? site.acks : 0}));
      },
    },
  };
}

/** Stops a server of Debian's package, and one that hangs too. */
function stopServer(family: ServerFamily): Command {
  const unit = UNITS[family];
  return sh`timeout 60 systemctl stop ${unit} || { systemctl kill --signal=KILL ${unit}; systemctl stop ${unit}; }`;
}

function executesNothing(host: string, error: string): HostError {
  return new HostError({
    reason: 'command-failed',
    message: `${host} does not execute what it has received: ${error || 'its applier is stopped'}`,
    hint: 'Remove the cause on that server, then run the same command again.',
  });
}
