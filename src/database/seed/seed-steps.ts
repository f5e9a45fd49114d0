import {HostError} from '../../model/index.js';
import {type Command, sh} from '../../shell/index.js';
import {follow, recipientPhase} from '../../tasks/mysql/seed/follow.js';
import {transferKey} from '../../tasks/mysql/seed/key.js';
import {forgetOldData, placeCopy, takeBack} from '../../tasks/mysql/seed/place.js';
import {RECIPIENT_PHASE, SEED_PORT, STATE} from '../../tasks/mysql/seed/places.js';
import {distrustCopy, startReceiving, stopReceiving} from '../../tasks/mysql/seed/receive.js';
import {DEFAULT_RATE, startSending, stopSending} from '../../tasks/mysql/seed/send.js';
import {sizeInWords} from '../../tasks/mysql/seed/spec.js';
import {contains, parseGtids} from '../gtid.js';
import {MUST_SEED} from '../journal.js';
import type {OperationHosts, OperationStep} from '../operation.js';
import {attach, reportOf} from '../server-steps.js';
import {type AnsweringNode, type DatabaseNode, type DatabaseSite, UNITS} from '../site.js';
import {measureProbe, parseMeasured} from './measure.js';

/** A seed of a server. */
export interface Seeding {
  readonly site: DatabaseSite;
  /** The server that gets a copy. */
  readonly node: DatabaseNode;
  /** The server that gives it. */
  readonly donor: AnsweringNode;
  /** The server that it then replicates from. */
  readonly primary: AnsweringNode;
  /** The most bytes a second; default `DEFAULT_RATE`. */
  readonly rate?: number | undefined;
}

/** A copy may take days; a run that watches it may end before it does, and the next one goes on watching. */
const LONGEST = 7 * 24 * 3600;

/** What the steps of one seed hand on to each other. */
interface Transfer extends Seeding {
  /** Of the copy, in bytes; 0 until it is measured. */
  size: number;
  readonly key: ReturnType<typeof transferKey>;
}

/**
 * The steps that replace the data of a server by a copy of another one and attach it. Until `forgetStep` they can be taken
 * back with MariaDB, whose old data is kept; MySQL's CLONE drops it as it begins.
 */
export function seedSteps(seeding: Seeding): readonly OperationStep[] {
  const transfer: Transfer = {...seeding, size: 0, key: transferKey()};
  return [waiting(transfer), sending(transfer), prepared(transfer), placed(transfer), attached(transfer)];
}

function waiting(transfer: Transfer): OperationStep {
  const {site, node, donor, primary, key} = transfer;
  const {family, authority} = site;
  const name = node.host.name;
  return {
    host: name,
    text: `wait for the copy at ${node.address}, port ${SEED_PORT}`,
    run: async (hosts) => {
      const measured = parseMeasured(await hosts.ask(donor.host.name, measureProbe, {seconds: 300}));
      transfer.size = measured.size;
      if (await isStray(transfer, hosts)) await hosts.ask(name, distrustCopy);
      const receiving = {
        origin: `${donor.host.name} ${donor.address} ${primary.host.name} ${primary.address}`,
        service: UNITS[family],
        family,
        address: node.address,
        authority,
        size: measured.size + measured.redo,
        key: await key(),
      };
      await started(name, startReceiving(receiving), hosts);
    },
    undo: {text: 'wait for the copy', run: (hosts) => hosts.ask(name, stopReceiving(family), {seconds: 120})},
  };
}

function sending(transfer: Transfer): OperationStep {
  const {site, node, donor, key, rate = DEFAULT_RATE} = transfer;
  const {family, port} = site;
  const [name, from] = [node.host.name, donor.host.name];
  const dropped = family === 'mysql' ? `; the data of ${name} is dropped first` : '';
  return {
    host: from,
    text: `send a copy, at most ${sizeInWords(rate)} a second, and go on serving${dropped}`,
    isFinal: family === 'mysql',
    run: async (hosts) => {
      const phase = (await hosts.ask(name, recipientPhase)).trim();
      if (HAS_ARRIVED.includes(phase)) return 'it is there already';
      const isUnderWay = phase === 'receiving';
      const copy = {family, address: donor.address, port, to: node.address, rate, key: await key(), isUnderWay};
      await hosts.ask(from, startSending(copy), {seconds: 120});
      await hosts.ask(from, follow('send', ['sent'], transfer.size), {seconds: LONGEST, live: true});
      return;
    },
    undo: {text: 'send a copy', run: (hosts) => hosts.ask(from, stopSending(), {seconds: 120})},
  };
}

const ARRIVED = ['ready', 'moving-out', 'moving-in', 'placed', 'done'] as const;

function prepared(transfer: Transfer): OperationStep {
  const {name} = transfer.node.host;
  return {
    host: name,
    text: 'make the copy consistent',
    run: async (hosts) => {
      await hosts.ask(name, follow('receive', ARRIVED, transfer.size), {seconds: LONGEST, live: true});
      if (await isStray(transfer, hosts)) throw strayCopy(transfer);
    },
  };
}

function placed({site: {family}, node}: Transfer): OperationStep {
  const {name} = node.host;
  const service = UNITS[family];
  const text =
    family === 'mysql'
      ? 'check that the copy is in its place'
      : 'replace its data by the copy; the old data stays next to it';
  return {
    host: name,
    text,
    run: async (hosts) => void (await hosts.ask(name, placeCopy(family, service), {seconds: 1800})),
    undo: {text: 'replace its data', run: (hosts) => hosts.ask(name, takeBack(service), {seconds: 1800})},
  };
}

function attached({site, node, primary}: Transfer): OperationStep {
  const {name} = node.host;
  return {
    host: name,
    text: `replicate from ${primary.host.name}`,
    run: async (hosts) => {
      await hosts.ask(name, attach(site, primary.address, await reportOf(name, hosts)), {seconds: 60});
    },
  };
}

/** Deletes the old data of a server that has been seeded. */
export function forgetStep({node, site}: Seeding): OperationStep {
  const name = node.host.name;
  return {
    host: name,
    text: site.family === 'mysql' ? 'delete what the copy has left' : 'delete the old data',
    isFinal: true,
    run: async (hosts) => {
      await hosts.ask(name, forgetOldData(), {seconds: 1800});
      await hosts.ask(name, sh`rm -f ${MUST_SEED}`);
      return undefined;
    },
  };
}

async function started(name: string, command: Command, hosts: OperationHosts): Promise<void> {
  try {
    await hosts.ask(name, command, {seconds: 120});
  } catch (error) {
    if (!(error instanceof HostError) || !/must be installed/.test(`${error.failure.output}`)) throw error;
    throw new HostError({...error.failure, hint: 'The role mysqlServer installs it: infra apply'});
  }
}

/** Phases of a copy that a run before this one has brought; `startReceiving` keeps none of another origin. */
const HAS_ARRIVED: readonly string[] = ['preparing', 'ready', 'moving-out', 'moving-in', 'placed'];

/**
 * Whether a copy that has arrived is not of the history of the primary: it has what the primary lacks, or is from before
 * a restore of the primary. MySQL's is not known by itself: it is in its place as it arrives.
 */
async function isStray({site, node, primary}: Transfer, hosts: OperationHosts): Promise<boolean> {
  if (site.family === 'mysql') return false;
  const probe = sh`[ ! ${MUST_SEED} -nt ${RECIPIENT_PHASE} ] || echo old; cat ${`${STATE}/position`} 2>/dev/null || :`;
  const [position = '', ...older] = (await hosts.ask(node.host.name, probe)).trim().split('\n').reverse();
  if (older.includes('old') || position === 'old') return true;
  const {executed} = await reportOf(primary.host.name, hosts);
  return !contains(executed, parseGtids(site.family, position));
}

function strayCopy({node, donor, primary}: Transfer): HostError {
  return new HostError({
    reason: 'command-failed',
    message: `the copy of ${donor.host.name} has transactions that ${primary.host.name} lacks`,
    hint: `Take it from the primary: infra db seed ${node.host.name} --from ${primary.host.name}`,
  });
}
