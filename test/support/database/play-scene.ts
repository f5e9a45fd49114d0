import type {ExecutionContext} from 'ava';
import type {Outcome} from '../programs.js';
import {type Cluster, targetOf} from './cluster.js';
import {judge, type Verdict} from './ledger.js';
import {type DelayedNetwork, startNetwork} from './network.js';
import {checked} from './play-scenario.js';
import {parseScenario} from './scenario.js';
import {rowsOf, until} from './servers.js';
import {type Load, startWriters, type Writers} from './writers.js';

/*
 * Scenes that letters cannot tell. Clients write through the balancer and at each server directly all the time, so a
 * second server that takes writes acknowledges rows which the primary lacks in the end.
 */

/** What a scene can do while the clients write. */
export interface Scene {
  readonly cluster: Cluster;
  readonly network: DelayedNetwork;
  /** The clients of the balancer. */
  readonly writers: Writers;
  /** Runs `infra db` with these words and `--yes`, to its end. */
  db(...words: readonly string[]): Promise<Outcome>;
  /** The same; another exit code than 0 is a fault of the scene. */
  mustDb(...words: readonly string[]): Promise<Outcome>;
  /** Notes what is wrong. */
  fault(text: string): void;
  log(line: string): void;
}

export interface SceneOptions {
  /** Milliseconds between two servers, each way. Default 20. */
  readonly delay?: number;
  /** Clients of the balancer. Default two that stay connected and one that does not, each a row in 50 ms. */
  readonly load?: Load;
  /** Whether clients write at each server directly, too. Default true. */
  readonly direct?: boolean;
  /** Prepares the hosts before the clients begin. */
  readonly prepare?: (cluster: Cluster) => Promise<unknown>;
}

/** What came of a scene. */
export interface PlayedScene {
  readonly faults: readonly string[];
  readonly verdict: Verdict;
}

/** Plays a scene that begins with `MSS` and must end with the row of letters `end`: rows, roles, pools and plan. */
export async function playScene(
  t: ExecutionContext,
  cluster: Cluster,
  end: string,
  act: (scene: Scene) => Promise<unknown>,
  {delay = 20, load = {kept: 2, fresh: 1, pause: 50}, direct = true, prepare}: SceneOptions = {},
): Promise<void> {
  const began = performance.now();
  const log = (line: string) => t.log(`${((performance.now() - began) / 1000).toFixed(0)} s: ${line}`);
  const [row = []] = parseScenario(end);
  await cluster.reset();
  await prepare?.(cluster);
  const network = await startNetwork(cluster.servers, delay);
  const writers = startWriters(targetOf(cluster.balancer), load);
  const others = direct
    ? cluster.servers.map((server, index) => startWriters(targetOf(server), SLOW, (index + 1) * 1e9))
    : [];
  const faults: string[] = [];
  try {
    await until('clients write', async () => writers.acknowledged() > 20, 60);
    await act(sceneOf(cluster, network, writers, faults, log));
    faults.push(...(await checked(cluster, row, writers, log)));
    const writes = (await Promise.all([writers, ...others].map((each) => each.end()))).flat();
    const primary = cluster.servers[row.indexOf('M')] ?? cluster.servers[0];
    const verdict = judge(writes, await rowsOf(primary));
    const {acknowledged, missing, doubled, refusedButThere, foreign, uncertainAndThere, failed, pause} = verdict;
    log(JSON.stringify({acknowledged, uncertainAndThere, failed, pause: Math.round(pause)}));
    t.deepEqual(faults, []);
    t.deepEqual(
      {missing, doubled, refusedButThere, foreign},
      {missing: [], doubled: [], refusedButThere: [], foreign: []},
    );
    t.true(acknowledged > 0);
  } finally {
    await Promise.all([writers, ...others].map((each) => each.end(0)));
    await network.end();
  }
}

/** A client of each kind at a server itself: few, so that the balancer's have the server. */
const SLOW: Load = {kept: 1, fresh: 1, pause: 300, retry: 500};

function sceneOf(
  cluster: Cluster,
  network: DelayedNetwork,
  writers: Writers,
  faults: string[],
  log: (line: string) => void,
): Scene {
  const {project, inventory} = cluster;
  const db = (...words: readonly string[]) => project.run(['db', ...words, '--yes', ...inventory]);
  const fault = (text: string) => void faults.push(text);
  const mustDb = async (...words: readonly string[]) => {
    const began = performance.now();
    const outcome = await db(...words);
    log(`infra db ${words.join(' ')}: exit ${outcome.code}, ${((performance.now() - began) / 1000).toFixed(1)} s`);
    if (outcome.code !== 0)
      fault(`infra db ${words.join(' ')}: exit ${outcome.code}\n${outcome.stdout}${outcome.stderr}`);
    return outcome;
  };
  return {cluster, network, writers, db, mustDb, fault, log};
}
