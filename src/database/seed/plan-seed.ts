import {counted, HostError, UnreadableReply} from '../../model/index.js';
import type {ServerFamily} from '../../tasks/mysql/client.js';
import {DEFAULT_RATE} from '../../tasks/mysql/seed/send.js';
import {sizeInWords} from '../../tasks/mysql/seed/spec.js';
import {checkTables, isEqual} from '../check/check-tables.js';
import {checkedServer} from '../check/checked-server.js';
import {describeDifferences} from '../check/describe.js';
import {LOAD} from '../check/sides.js';
import {ghostFile} from '../ghosts/ghosts.js';
import {keepGhosts} from '../ghosts/keep-ghosts.js';
import type {Operation, OperationHosts, OperationStep} from '../operation.js';
import {refuseOperation, refuseWithout, serverNamed} from '../refusals.js';
import {catchUp, reportOf, STARTED_WITHIN, startServer} from '../server-steps.js';
import {
  type AnsweringNode,
  answering,
  type DatabaseNode,
  type DatabaseSite,
  findPrimary,
  follows,
  namesOf,
} from '../site.js';
import {waitAgain} from '../wait-again.js';
import type {Measured} from './measure.js';
import {seedNotes} from './seed-notes.js';
import {forgetStep, type Seeding, seedSteps} from './seed-steps.js';

/** What the user asked for. */
export interface SeedRequest {
  /** The server that gets a copy. */
  readonly name: string;
  /** The server that gives it; default a replica that is in step, else the primary. */
  readonly from?: string | undefined;
  /** The most bytes a second. */
  readonly rate?: number | undefined;
  /** The run's name. */
  readonly run: string;
  /** Whether the tables are compared at the end. */
  readonly compares: boolean;
}

/** Measures a server before anything is agreed to. */
export type Measure = (node: DatabaseNode) => Promise<Measured>;

/**
 * Plans to replace the data of a server by a copy of another one. The plan says what is lost: databases with their sizes,
 * and transactions that the primary does not have, which are saved first. Rejects with `InputError` where it is not safe.
 */
export async function planSeed(site: DatabaseSite, request: SeedRequest, measure: Measure): Promise<Operation> {
  const {name, rate = DEFAULT_RATE} = request;
  const {node, primary} = serversFor(site, name);
  const donor = donorFor(site, node, primary, request.from);
  refuseOtherVersion(node, donor);
  const [old, copy] = await Promise.all([measure(node), measure(donor)]);
  if (site.family === 'mariadb' && old.free < (copy.size + copy.redo) * 1.1) throw noRoom(name, old, copy);
  const seeding: Seeding = {site, node, donor, primary, rate};
  const from = donor.host.name;
  return {
    name: 'seed',
    title: `seed: ${name} gets a copy of ${from} (${sizeInWords(copy.size)})`,
    notes: seedNotes(seeding, old, copy, request.run),
    steps: [
      savesGhosts(site, node, primary, request.run),
      ...seedSteps(seeding),
      inStep(node, primary),
      ...waitAgain(site, primary),
      ...(request.compares ? [compared(site, node, primary)] : []),
      forgetStep(seeding),
    ],
    done: `${name} has a copy of ${from} and replicates from ${primary.host.name}.`,
  };
}

function serversFor(site: DatabaseSite, name: string): {readonly node: DatabaseNode; readonly primary: AnsweringNode} {
  const found = findPrimary(site);
  if (found.state !== 'serving') throw refuseWithout(found, 'Make one the primary first: infra db failover');
  const node = serverNamed(site, name);
  if (node.host === found.node.host)
    throw refuseOperation(`${name} is the primary`, 'Its data is what the others get.');
  if (!node.isReached) throw refuseOperation(`${name} cannot be reached`, `Start it, then: infra db seed ${name}`);
  return {node, primary: found.node};
}

/** A replica that is in step spares the primary the reading. */
function donorFor(
  site: DatabaseSite,
  node: DatabaseNode,
  primary: AnsweringNode,
  from: string | undefined,
): AnsweringNode {
  const fit = answering(site).filter(
    (each) => each.host !== node.host && (each.host === primary.host || isInStep(each, primary)),
  );
  if (from === undefined) return fit.find(({host}) => host !== primary.host) ?? primary;
  const named = fit.find(({host}) => host.name === from);
  if (named) return named;
  const names = namesOf(fit).join(', ');
  throw refuseOperation(
    `${from} is neither the primary nor a replica that is in step`,
    `Take the copy from one of these: ${names}.`,
  );
}

/** Seconds behind at most: it has more to catch up the longer it was behind. */
const IN_STEP = 5;

function isInStep(node: AnsweringNode, primary: AnsweringNode): boolean {
  const {following} = node.report;
  return follows(node, primary) && following?.io === 'yes' && following.sql && (following.lag ?? Infinity) <= IN_STEP;
}

/** Files of one series are not those of another: MariaDB 10.11 and 11.8, for instance. */
function refuseOtherVersion({host, report}: DatabaseNode, donor: AnsweringNode): void {
  const series = (version: string) => version.split('.').slice(0, 2).join('.');
  const [own, other] = [report?.server.version, donor.report.server.version];
  if (own === undefined || series(own) === series(other)) return;
  const message = `${host.name} runs ${series(own)} and ${donor.host.name} runs ${series(other)}: a copy of the files does not fit`;
  throw refuseOperation(message, 'Bring both to the same version first, or take the copy from another server: --from');
}

function noRoom(name: string, old: Measured, copy: Measured) {
  const message = `${name} has ${sizeInWords(old.free)} free, and the copy takes ${sizeInWords((copy.size + copy.redo) * 1.1)} next to the present data`;
  return refuseOperation(message, 'Make room on its disk first.');
}

/** Its server may have been stopped: what it alone has is known only when it runs. One that does not start has no say. */
function savesGhosts({family}: DatabaseSite, node: DatabaseNode, primary: AnsweringNode, run: string): OperationStep {
  const host = node.host.name;
  return {
    host,
    text: `save what it alone has, if anything, to ${ghostFile(run)}`,
    run: async (hosts) => {
      const isRunning = node.report !== undefined || (await startsUp(host, family, hosts));
      if (!isRunning) return 'the server does not start: what it alone has is not known';
      return (await keepGhosts({host, primary: primary.host.name, run}, hosts)).words;
    },
  };
}

async function startsUp(host: string, family: ServerFamily, hosts: OperationHosts): Promise<boolean> {
  try {
    await hosts.ask(host, startServer(family), {seconds: STARTED_WITHIN});
    await reportOf(host, hosts);
    return true;
  } catch (error) {
    if (error instanceof HostError || error instanceof UnreadableReply) return false;
    throw error;
  }
}

/** Seconds to execute what was written while the copy was made. */
const CATCH_UP = 6 * 3600;

function inStep({host}: DatabaseNode, primary: AnsweringNode): OperationStep {
  return {
    host: host.name,
    text: 'execute what was written in the meantime',
    run: async (hosts) => void (await catchUp({host: host.name, source: primary.host.name, seconds: CATCH_UP}, hosts)),
  };
}

function compared({family}: DatabaseSite, {host}: DatabaseNode, primary: AnsweringNode): OperationStep {
  return {
    host: host.name,
    text: `compare its tables with those of ${primary.host.name}`,
    run: async (hosts: OperationHosts) => {
      const sides = {
        family,
        primary: checkedServer(primary.host.name, hosts),
        replicas: [checkedServer(host.name, hosts)],
      };
      const found = await checkTables(sides, LOAD, () => {});
      if (isEqual(found)) return `equal: ${counted(found.tables, 'table')}, ${counted(found.rows, 'row')}`;
      const differs = found.differences.length > 0;
      const message = differs ? `the copy differs from ${primary.host.name}` : 'not all tables could be compared';
      throw new HostError({reason: 'not-converged', message, output: describeDifferences(found).join('\n')});
    },
  };
}
