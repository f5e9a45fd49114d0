import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {type Cluster, copies, targetOf, verdictOf} from './cluster.js';
import {killForGood} from './faults.js';
import type {Verdict} from './ledger.js';
import {type DelayedNetwork, startNetwork} from './network.js';
import {attach, promote, rowsOf, sql, switchSemiSync, until} from './servers.js';
import {startWriters} from './writers.js';

/* Replication and failover by plain SQL, without infra: what a set-up that promises nothing loses, and another does not. */

/** Milliseconds between two servers, each way. */
export const DELAY = 20;
const LOAD = {kept: 6, fresh: 2};

/** The hosts as after the first apply, with a delay between the servers, and replicas that follow by plain SQL. */
export async function startControl(cluster: Cluster): Promise<DelayedNetwork> {
  await cluster.reset();
  const network = await startNetwork(cluster.servers, DELAY);
  const [primary, ...replicas] = cluster.servers;
  for (const replica of replicas) await attach(replica, primary);
  for (const replica of replicas)
    await until(`${replica.name} copies ${primary.name}`, () => copies(replica, primary), 60);
  return network;
}

/** Loses the primary under load, with writes that wait for a replica or do not: what the clients were told is compared. */
export async function playControl(t: ExecutionContext, cluster: Cluster, semiSync: 'on' | 'off'): Promise<Verdict> {
  const network = await startControl(cluster);
  const [primary, ...replicas] = cluster.servers;
  try {
    await switchSemiSync(primary, replicas, semiSync);
    return await loseThePrimary(t, cluster, network);
  } finally {
    await network.end();
  }
}

/** Kills the primary under load, promotes the replica that has more, and compares. */
async function loseThePrimary(t: ExecutionContext, {servers}: Cluster, network: DelayedNetwork): Promise<Verdict> {
  const [primary, one, other] = servers;
  const writers = startWriters(targetOf(primary), LOAD);
  await until('rows are written', async () => writers.acknowledged() > 500, 60);
  await Promise.all([network.lose(primary), killForGood(primary)]);
  const writes = await writers.end(1);
  await sql(one, 'STOP REPLICA IO_THREAD;');
  await sql(other, 'STOP REPLICA IO_THREAD;');
  await sleep(1000);
  const [rows, others] = [await rowsOf(one), await rowsOf(other)];
  const best = rows.size >= others.size ? one : other;
  await promote(best);
  const verdict = await verdictOf(writes, best);
  const {acknowledged, missing, failed, uncertainAndThere, pause} = verdict;
  t.log({acknowledged, missing: missing.length, failed, uncertainAndThere, pause, lost: missing.slice(0, 5)});
  return verdict;
}
