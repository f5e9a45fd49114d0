import {HostError, note, warning} from '../model/index.js';
import {ghostFile, ghostsOf, ghostWords} from './ghosts/ghosts.js';
import {keepGhosts} from './ghosts/keep-ghosts.js';
import {deleteJournal} from './journal.js';
import {NOT_NEEDED, type Operation, type OperationStep} from './operation.js';
import {promiseOf} from './promise.js';
import {refuseOperation, refuseWithout, serverNamed} from './refusals.js';
import {attach, CLOSED_WITHIN, catchUp, closeForGood, reportOf, STARTED_WITHIN, startServer} from './server-steps.js';
import {
  type AnsweringNode,
  type DatabaseNode,
  type DatabaseSite,
  findPrimary,
  follows,
  type PrimaryFound,
} from './site.js';
import {waitAgain} from './wait-again.js';

/**
 * Plans to attach a server to the primary again: the old primary after a failover, or a replica that follows another
 * server. Transactions that it alone has are saved to a file first; then it needs a copy of the primary's data, for which
 * `seed` gives the steps. Throws `InputError` when there is no primary, or nothing to do.
 */
export function planRejoin(
  site: DatabaseSite,
  name: string,
  run: string,
  seed: (node: DatabaseNode, primary: AnsweringNode) => readonly OperationStep[],
): Operation {
  const found = findPrimary(site);
  const primary = primaryFor(site, found, name);
  const node = serverNamed(site, name);
  if (node.host === primary.host)
    throw refuseOperation(`${name} is the primary`, 'To make another one the primary: infra db switchover');
  if (!node.isReached) throw refuseOperation(`${name} cannot be reached`, `Start it, then: infra db rejoin ${name}`);
  const state = {needsCopy: false};
  const copies = seed(node, primary).map((step) => onlyIf(step, () => state.needsCopy));
  const attaching = [
    started(site, node),
    closed(site, node),
    compared(node, primary, run, state),
    ...copies,
    onlyIf(attached(site, node, primary), () => !state.needsCopy),
    inStep(node, primary),
  ];
  return {
    name: 'rejoin',
    title: `rejoin: ${name} replicates from ${primary.host.name}`,
    notes: notesFor(site, node, primary, run),
    steps: [...(replicates(node, primary) ? [] : attaching), ...waitAgain(site, primary)],
    done: `${name} replicates from ${primary.host.name}.`,
  };
}

/** The primary. Where two servers take writes: the one that another server follows, for the other one to rejoin. */
function primaryFor(site: DatabaseSite, found: PrimaryFound, name: string): AnsweringNode {
  if (found.state === 'serving') return found.node;
  const writers = found.state === 'several' ? found.nodes : [];
  const [other, ...more] = writers.filter(({host}) => host.name !== name);
  const isOnly = other !== undefined && more.length === 0 && writers.length > 1;
  if (isOnly && site.servers.some((node) => node.host.name !== name && follows(node, other))) return other;
  throw refuseWithout(found, 'Make one the primary first: infra db failover');
}

/** A step that is needed only if an earlier one found that it is. */
function onlyIf(step: OperationStep, isNeeded: () => boolean): OperationStep {
  return {...step, run: async (hosts) => (isNeeded() ? step.run(hosts) : NOT_NEEDED)};
}

function replicates(node: DatabaseNode, primary: AnsweringNode): boolean {
  const {following} = node.report ?? {};
  return follows(node, primary) && following?.io === 'yes' && following.sql;
}

function notesFor(site: DatabaseSite, node: DatabaseNode, primary: AnsweringNode, run: string) {
  const {name} = node.host;
  const lost = node.report && ghostsOf(node.report, primary.report);
  if (replicates(node, primary)) {
    return [note(`${name} replicates from ${primary.host.name} already.`)];
  }
  if (lost === undefined) {
    return [
      warning(
        `What ${name} holds is not known yet: if it alone has transactions, they are saved to ${ghostFile(run)} there, and the data of ${primary.host.name} is copied to it.`,
      ),
    ];
  }
  if (lost.count === 0 && node.report?.mustSeed)
    return [
      warning(`The data of ${name} is from before a restore: all of it is replaced by that of ${primary.host.name}.`),
    ];
  if (lost.count === 0) return [note(`${name} has no transaction that ${primary.host.name} lacks: it keeps its data.`)];
  return [
    warning(
      `${ghostWords(name, lost, primary.host.name, run)}; then all of its data is replaced by that of ${primary.host.name}.`,
    ),
    ...(site.acks === 0 ? [note(promiseOf(site, 0))] : []),
  ];
}

function started({family}: DatabaseSite, {host}: DatabaseNode): OperationStep {
  return {
    host: host.name,
    text: 'start the server if it is stopped, read-only',
    run: async (hosts) => void (await hosts.ask(host.name, startServer(family), {seconds: STARTED_WITHIN})),
  };
}

function closed(site: DatabaseSite, {host}: DatabaseNode): OperationStep {
  return {
    host: host.name,
    text: 'end writes and disconnect the clients',
    run: async (hosts) => void (await hosts.ask(host.name, closeForGood(site), {seconds: CLOSED_WITHIN})),
  };
}

function compared(
  {host}: DatabaseNode,
  primary: AnsweringNode,
  run: string,
  state: {needsCopy: boolean},
): OperationStep {
  return {
    host: host.name,
    text: `compare its transactions with those of ${primary.host.name}, and save what it alone has`,
    run: async (hosts) => {
      const {needsCopy, words} = await keepGhosts({host: host.name, primary: primary.host.name, run}, hosts);
      await hosts.ask(host.name, deleteJournal);
      state.needsCopy = needsCopy;
      return words;
    },
  };
}

function attached(site: DatabaseSite, {host}: DatabaseNode, primary: AnsweringNode): OperationStep {
  return {
    host: host.name,
    text: `replicate from ${primary.host.name}`,
    run: async (hosts) => {
      const now = await reportOf(host.name, hosts);
      await hosts.ask(host.name, attach(site, primary.address, now), {seconds: 60}).catch((error: unknown) => {
        throw lacksLogs(error, host.name);
      });
    },
  };
}

function lacksLogs(error: unknown, name: string): unknown {
  if (!(error instanceof HostError) || !/1236|purged/.test(`${error.failure.output}`)) return error;
  const hint = `Copy its data again: infra db seed ${name}`;
  return new HostError({...error.failure, message: 'the primary no longer has the logs that it lacks', hint});
}

/** Seconds to execute what it has missed: it may have been away for days. */
const CATCH_UP = 3600;

function inStep({host}: DatabaseNode, primary: AnsweringNode): OperationStep {
  return {
    host: host.name,
    text: `execute what it has missed, up to now`,
    run: async (hosts) => void (await catchUp({host: host.name, source: primary.host.name, seconds: CATCH_UP}, hosts)),
  };
}
