import {setTimeout as sleep} from 'node:timers/promises';
import type {Outcome} from '../programs.js';
import type {Project} from '../project.js';
import {faultsOf} from './checks.js';
import {type Cluster, targetOf} from './cluster.js';
import {cutPower, restorePower} from './faults.js';
import {judge, longestPause, type Verdict, type Write} from './ledger.js';
import {type DelayedNetwork, startNetwork} from './network.js';
import {patience} from './patience.js';
import {eventsBetween, parseScenario, type Row, type ScenarioEvent} from './scenario.js';
import {type DatabaseServer, rowsOf, sql, stateOf} from './servers.js';
import {type Load, startWriters, type Writers} from './writers.js';

/** How a scenario is played. */
export interface Play {
  /** Milliseconds between two servers, each way. Default 20. */
  readonly delay?: number;
  /** The clients, through the balancer. Default two of each kind, each a row in 20 ms. */
  readonly load?: Load;
  /** How a server dies. Default: its power is cut. */
  readonly die?: (server: DatabaseServer, network: DelayedNetwork) => Promise<unknown>;
  /** How it comes back. Default: it boots. */
  readonly comeBack?: (server: DatabaseServer, network: DelayedNetwork) => Promise<unknown>;
  /** Runs infra's command for an event. Default: to its end. */
  readonly operate?: (project: Project, args: readonly string[]) => Promise<Outcome>;
  /** What happens after the first row, besides what the letters say. */
  readonly disturb?: (cluster: Cluster, network: DelayedNetwork) => Promise<unknown>;
  /** Puts the hosts back before. Default true; otherwise the scenario begins with the primary that there is. */
  readonly fresh?: boolean;
  /** Takes a line for each event. */
  readonly log?: (line: string) => void;
  /** Takes what infra's commands print. */
  readonly print?: (text: string) => void;
}

/** What came of a scenario. */
export interface Played {
  /** Each with the row in which it was found; none: all is well. */
  readonly faults: readonly string[];
  /** Of everything that the clients wrote. */
  readonly verdict: Verdict;
  /** Of each event: how long it took and how long no write was acknowledged, in milliseconds. */
  readonly events: readonly PlayedEvent[];
}

interface PlayedEvent extends ScenarioEvent {
  readonly took: number;
  readonly pause: number;
  /** Writes that were not acknowledged. */
  readonly failed: Verdict['failed'];
}

/** Seconds that a cluster has to become what a row says, on an idle machine. */
const SETTLES_WITHIN = 30;

/** Plays a scenario, which begins with all servers there: `MSS XMS SMS`. Clients write all the time. */
export async function playScenario(cluster: Cluster, text: string, play: Play = {}): Promise<Played> {
  const {delay = 20, load = {kept: 2, fresh: 2, pause: 20}, log = () => {}, fresh = true} = play;
  const [first = [], ...rows] = parseScenario(text);
  if (fresh) await cluster.reset();
  else await forgetRows(cluster, first);
  const network = await startNetwork(cluster.servers, delay);
  const writers = startWriters(targetOf(cluster.balancer), load);
  const faults: string[] = [];
  const events: PlayedEvent[] = [];
  try {
    faults.push(...(await checked(cluster, first, writers, log)));
    await play.disturb?.(cluster, network);
    let before = first;
    let last = first.indexOf('M');
    for (const row of rows) {
      for (const event of eventsBetween(before, row, last)) {
        const played = await playEvent({cluster, network, writers, play}, event, faults);
        log(`${row.join('')} ${event.does} ${event.server + 1}: ${describe(played)}`);
        events.push(played);
      }
      faults.push(...(await checked(cluster, row, writers, log)));
      before = row;
      last = row.includes('M') ? row.indexOf('M') : last;
    }
    const writes = await writers.end();
    const primary = cluster.servers[last] ?? cluster.servers[0];
    return {faults, events, verdict: judge(writes, await rowsOf(primary))};
  } finally {
    await writers.end(0);
    await network.end();
  }
}

/** Numbers begin at 1 again. */
async function forgetRows({servers}: Cluster, row: Row): Promise<void> {
  const primary = servers[row.indexOf('M')];
  if (!primary) throw new Error('a scenario begins with a primary');
  await sql(primary, 'TRUNCATE TABLE rig.numbers;');
}

interface Stage {
  readonly cluster: Cluster;
  readonly network: DelayedNetwork;
  readonly writers: Writers;
  readonly play: Play;
}

async function playEvent(stage: Stage, event: ScenarioEvent, faults: string[]): Promise<PlayedEvent> {
  const {writers} = stage;
  // So that the first writes after it count, too.
  const began = writers.now();
  await perform(stage, event, faults);
  const took = writers.now() - began;
  await sleep(1000);
  const during = writers.soFar().filter(({ended}) => ended >= began);
  const failed = (kind: Write['kind']) =>
    during.filter((each) => each.kind === kind && each.outcome !== 'acknowledged').length;
  return {...event, took, pause: longestPause(during, began), failed: {kept: failed('kept'), fresh: failed('fresh')}};
}

async function perform({cluster, network, play}: Stage, {does, server: index}: ScenarioEvent, faults: string[]) {
  const server = cluster.servers[index];
  if (!server) throw new Error(`there is no server ${index}`);
  const {die = cutPower, comeBack = restorePower} = play;
  if (does === 'die') await die(server, network);
  else if (does === 'return') await comeBack(server, network);
  else if (does === 'rejoin' && (await isAttached(server, cluster))) return;
  else {
    const {code, stdout, stderr} = await operated(does, server, cluster, play);
    if (code !== 0) faults.push(`infra db ${does} ${server.name}: exit ${code}\n${stdout}${stderr}`);
  }
}

/**
 * Where writes wait for one of two replicas, either may have received the last of them: then a failover to the other is
 * refused, and names the one to promote. A switchover gets from there to what the row says.
 */
async function operated(does: string, server: DatabaseServer, {project, inventory}: Cluster, play: Play) {
  const run = async (operation: string, name: string) => {
    const outcome = await (play.operate ?? toItsEnd)(project, ['db', operation, name, '--yes', ...inventory]);
    play.print?.(outcome.stdout + outcome.stderr);
    return outcome;
  };
  const outcome = await run(does, server.name);
  const [, ahead] = /Promote that one: infra db failover (\S+)/.exec(outcome.stdout + outcome.stderr) ?? [];
  if (outcome.code === 0 || ahead === undefined) return outcome;
  const promoted = await run('failover', ahead);
  return promoted.code === 0 ? run('switchover', server.name) : promoted;
}

const toItsEnd = (project: Project, args: readonly string[]) => project.run(args);

/** A replica that was away attaches itself, if nothing was promoted in the meantime. */
async function isAttached(server: DatabaseServer, {servers}: Cluster): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    const states = await Promise.all(servers.map(stateOf));
    const primary = servers.find((_, index) => states[index]?.readOnly === false && !states[index]?.replica);
    const {io, source} = states[servers.findIndex(({name}) => name === server.name)]?.replica ?? {};
    if (io === 'Yes' && source === primary?.address) return true;
    if (tries > (primary ? 3 : 10) && source !== primary?.address) return false;
    await sleep(500);
  }
  return false;
}

/** Waits until the cluster is what the row says. What is wrong in the end, and acknowledged rows that are not there. */
export async function checked(cluster: Cluster, row: Row, writers: Writers, log: (line: string) => void) {
  const end = performance.now() + SETTLES_WITHIN * 1000 * patience();
  const name = row.join('');
  let faults = await faultsOf(cluster, row);
  while (faults.length > 0 && performance.now() < end) {
    await sleep(500);
    faults = await faultsOf(cluster, row);
  }
  const primary = cluster.servers[row.indexOf('M')];
  const writes = writers.soFar();
  const missing = primary ? judge(writes, await rowsOf(primary)).missing : [];
  const plan = row.includes('X') ? [] : await planFaults(cluster);
  const lost =
    missing.length > 0 ? [`${missing.length} acknowledged rows are missing: ${missing.slice(0, 10).join(' ')}`] : [];
  const all = [...faults, ...lost, ...plan].map((fault) => `${name}: ${fault}`);
  log(`${name}: ${writers.acknowledged()} rows, ${all.length === 0 ? 'all is well' : all.join('\n')}`);
  return all;
}

async function planFaults({project, inventory}: Cluster): Promise<readonly string[]> {
  const {code, stdout, stderr} = await project.run(['plan', '--detailed-exitcode', ...inventory]);
  return code === 0 ? [] : [`infra plan: exit ${code}\n${stdout}${stderr}`];
}

function describe({took, pause, failed}: PlayedEvent): string {
  const seconds = (time: number) => `${(time / 1000).toFixed(1)} s`;
  return `${seconds(took)}, no acknowledgement for ${seconds(pause)}, failed: kept ${failed.kept}, fresh ${failed.fresh}`;
}
