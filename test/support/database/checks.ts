import {contains} from '../../../src/database/gtid.js';
import {type Cluster, targetOf} from './cluster.js';
import {askConsole} from './console.js';
import type {Row} from './scenario.js';
import {type DatabaseServer, stateOf} from './servers.js';
import {takesWrites} from './writers.js';

/*
 * What is wrong with a cluster that should be as a row of letters says. Each check gives sentences, none if all is well.
 */

/** Everything but the rows and the plan. */
export async function faultsOf(cluster: Cluster, row: Row): Promise<readonly string[]> {
  const found = await Promise.all([writeFaults(cluster, row), roleFaults(cluster, row), poolFaults(cluster, row)]);
  return found.flat();
}

/** Exactly the primary takes writes: tried on each server, and through the balancer. */
async function writeFaults({servers, balancer}: Cluster, row: Row): Promise<readonly string[]> {
  const answers = await Promise.all(servers.map((server) => takesWrites(targetOf(server), server.name)));
  const direct = servers.flatMap(({name}, index) => {
    const answer = answers[index] ?? '';
    if (row[index] === 'M') return answer === 'yes' ? [] : [`${name} is the primary and takes no writes: ${answer}`];
    return answer === 'yes' ? [`${name} is ${row[index]} and takes writes`] : [];
  });
  const through = await takesWrites(targetOf(balancer), balancer.name);
  const isExpected = row.includes('M') === (through === 'yes');
  return [...direct, ...(isExpected ? [] : [`a write through the balancer: ${through}`])];
}

async function roleFaults({servers}: Cluster, row: Row): Promise<readonly string[]> {
  const states = await Promise.all(servers.map((server, index) => (row[index] === 'X' ? undefined : stateOf(server))));
  const source = servers[row.indexOf('M')];
  const primary = states[row.indexOf('M')];
  return servers.flatMap(({name}, index) => {
    if (row[index] === 'X') return [];
    const state = states[index];
    if (!state) return [`${name} does not answer`];
    const {replica} = state;
    if (row[index] === 'M') return replica ? [`${name} is the primary and replicates from ${replica.source}`] : [];
    const writable = state.readOnly ? [] : [`${name} is a replica and not read-only`];
    // Without a primary a replica only waits for one.
    if (!source) return writable;
    if (!replica) return [...writable, `${name} does not replicate`];
    if (replica.source !== source.address) return [...writable, `${name} replicates from ${replica.source}`];
    const isRunning = replica.io === 'Yes' && replica.sql === 'Yes';
    const behind = primary && !contains(state.executed, primary.executed);
    return [
      ...writable,
      ...(isRunning ? [] : [`${name}: io ${replica.io}, sql ${replica.sql}: ${replica.error}`]),
      ...(behind ? [`${name} lacks transactions`] : []),
    ];
  });
}

/** New connections go to the primary, and reads to the replicas. */
async function poolFaults({servers, balancer}: Cluster, row: Row): Promise<readonly string[]> {
  const up = await serversUp(balancer.name);
  const names = (letter: string) => servers.flatMap(({name}, index) => (row[index] === letter ? [name] : []));
  const [write, read] = [up('database-write'), up('database-read').filter((name) => !name.endsWith('-primary'))];
  return [...differs('the pool for writes', write, names('M')), ...differs('the pool for reads', read, names('S'))];
}

function differs(what: string, found: readonly string[], expected: readonly string[]): readonly string[] {
  if (found.join() === expected.join()) return [];
  return [`${what} has ${found.join(' and ') || 'no server'} in place of ${expected.join(' and ') || 'none'}`];
}

/** The servers that HAProxy gives connections to, by the name of a pool. */
export async function serversUp(balancer: string): Promise<(pool: string) => readonly string[]> {
  const stat = await askConsole(balancer, "echo 'show stat' | socat -T 5 - UNIX-CONNECT:/run/haproxy/admin.sock");
  const [header = '', ...lines] = stat.replace(/^# /, '').split('\n');
  const column = header.split(',').indexOf('status');
  const rows = lines.map((line) => line.split(','));
  return (pool) =>
    rows.flatMap((fields) => {
      const [name = '', server = ''] = fields;
      const isServer = name === pool && server !== 'BACKEND';
      return isServer && /^UP/.test(fields[column] ?? '') ? [server] : [];
    });
}

/** Whether all replicas hold what the primary holds. */
export async function isInStep(servers: readonly DatabaseServer[], row: Row): Promise<boolean> {
  const primary = servers[row.indexOf('M')];
  const source = primary && (await stateOf(primary));
  if (!source) return true;
  const replicas = servers.filter((_, index) => row[index] === 'S');
  const states = await Promise.all(replicas.map(stateOf));
  return states.every((state) => state !== undefined && contains(state.executed, source.executed));
}
