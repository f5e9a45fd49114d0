import type {ExecutionContext} from 'ava';
import type {ServerFamily} from '../../../src/tasks/mysql/client.js';
import {bareHosts} from '../hosts.js';
import {type Cluster, openCluster, verdictOf} from './cluster.js';
import {askConsole} from './console.js';
import type {Verdict} from './ledger.js';
import type {Node} from './network.js';
import {CLIENT, type DatabaseServer, stateOf, until} from './servers.js';
import {startWriters, type Writers} from './writers.js';

/*
 * Three servers whose writes wait for a replica, and two balancers that fail over by themselves. A project that is named
 * with INFRA_TEST_DATABASE_SITE must have the role `databaseFailover` with `after: 15`, and all hosts of this cluster.
 */

/** Seconds without a sign of the primary. */
export const AFTER = 15;

const PLACES = {mariadb: {prefix: 'auto-m', first: 188}, mysql: {prefix: 'auto-y', first: 193}} as const;

const PLAYBOOK = `import {databaseFailover, databaseHealth, firewall, haproxy, mysqlPrimary, mysqlReplication, mysqlSemiSync, mysqlServer, play, playbook, z} from 'infra';
const Variables = z.object({database: z.enum(['mariadb', 'mysql']).default('mariadb')});
const clients = {network: '198.18.0.0/24'};
const semiSync = {onReplicaLoss: 'stop'} as const;
export default playbook('site', {vars: Variables}, async ({secret, authority}) => {
  const ca = await authority();
  const replicator = {password: secret('mysql/replicator')};
  return [
    play('firewall', {hosts: 'all'}, [firewall()]),
    play('database', {hosts: 'db'}, [
      ({host: {vars}}) =>
        mysqlServer({family: vars.database, from: clients, tls: {certificate: ca}, memory: 1024, semiSync}),
    ]),
    play('primary', {hosts: 'db', needs: ['database']}, [
      mysqlPrimary({replication: replicator, tls: true, databases: [{name: 'rig'}]}),
    ]),
    play('replica', {hosts: 'db', needs: ['primary']}, [mysqlReplication({...replicator, tls: true})]),
    play('semi-sync', {hosts: 'db', needs: ['replica']}, [mysqlSemiSync()]),
    play('health', {hosts: 'db', needs: ['semi-sync']}, [
      ({host: {vars}}) => databaseHealth({family: vars.database, acks: 1}),
    ]),
    play('failover', {hosts: 'all', needs: ['health']}, [
      ({host: {vars}}) =>
        databaseFailover({
          ...{family: vars.database, password: secret('mysql/failover'), semiSync, authority: ca, after: ${AFTER}},
        }),
    ]),
    play('balancer', {hosts: 'lb', needs: ['health']}, [haproxy({services: [], databases: {from: clients}})]),
  ];
});
`;

/** The cluster of a family, as the roles have left it. */
export function openAutomatic(family: ServerFamily): Promise<Cluster> {
  return openCluster(family, bareHosts, {name: 'auto', places: PLACES, playbook: PLAYBOOK, isDoubled: true});
}

/** Clients through a balancer, under way; they end with the test, so that they write nothing into the next one. */
export async function write(t: ExecutionContext, {address}: Pick<Node, 'address'>): Promise<Writers> {
  const writers = startWriters({...CLIENT, host: address, port: 3306}, {kept: 4, fresh: 4, pause: 20});
  t.teardown(() => void writers.end());
  await until('rows are written', async () => writers.acknowledged() > 100, 60);
  return writers;
}

/** Until more rows are acknowledged than now. */
export async function goesOn(writers: Writers, seconds = 60): Promise<void> {
  const before = writers.acknowledged();
  await until('writes go on', async () => writers.acknowledged() > before + 30, seconds);
}

/** The servers that take writes and replicate from none. */
export async function primariesOf({servers}: Pick<Cluster, 'servers'>): Promise<readonly DatabaseServer[]> {
  const states = await Promise.all(servers.map(stateOf));
  return servers.filter((_, index) => {
    const state = states[index];
    return state && !state.readOnly && !state.replica;
  });
}

/** The server that is promoted in place of another one, when it takes writes. */
export async function promotedFor(
  old: DatabaseServer,
  cluster: Cluster,
  seconds = AFTER + 60,
): Promise<DatabaseServer> {
  let found: DatabaseServer | undefined;
  const isFound = async () => {
    found = (await primariesOf(cluster)).find(({name}) => name !== old.name);
    return found !== undefined;
  };
  await until(`a replica is promoted in place of ${old.name}`, isFound, seconds);
  if (!found) throw new Error('no replica is promoted');
  return found;
}

/** Ends the clients: what they were told, compared with what a server holds. */
export async function verdict(writers: Writers, on: DatabaseServer): Promise<Verdict> {
  return verdictOf(await writers.end(), on);
}

/** Drops in silence all that one host and these others send each other, in both directions, until it is joined again. */
export function part(one: Node, others: readonly Node[]): Promise<string> {
  const rules = others.flatMap(({address}) => {
    const family = address.includes(':') ? 'ip6' : 'ip';
    return [
      `add rule inet part in ${family} saddr ${address} drop`,
      `add rule inet part out ${family} daddr ${address} drop`,
    ];
  });
  const chain = (name: string, hook: string) =>
    `add chain inet part ${name} { type filter hook ${hook} priority -300; }`;
  const commands = ['add table inet part', chain('in', 'input'), chain('out', 'output'), ...rules];
  return askConsole(one.name, `nft '${commands.join('; ')}'`);
}

export function join({name}: Node): Promise<string> {
  return askConsole(name, 'nft delete table inet part');
}

/** What each balancer has written down of its last failover; an empty record where it has done nothing. */
export function recordsOf({balancers}: Cluster): Promise<readonly Readonly<Record<string, string>>[]> {
  const file = '/var/lib/database-failover/failover.json';
  return Promise.all(
    balancers.map(async ({name}) => JSON.parse(await askConsole(name, `cat ${file} 2>/dev/null || echo {}`))),
  );
}

/** What the service of a balancer has logged since it booted. */
export function logOf(balancer: Pick<Node, 'name'>): Promise<string> {
  return askConsole(balancer.name, 'journalctl --unit database-failover --boot --output cat --no-pager');
}
