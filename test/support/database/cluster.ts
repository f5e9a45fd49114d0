import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {contains} from '../../../src/database/gtid.js';
import type {ServerFamily} from '../../../src/tasks/mysql/client.js';
import type {TestHost} from '../lab.js';
import {infra, mustRun} from '../programs.js';
import {newProject, type Project, projectIn} from '../project.js';
import {judge, type Verdict, type Write} from './ledger.js';
import type {Node} from './network.js';
import {ACCOUNTS, CLIENT, type DatabaseServer, rowsOf, sql, stateOf, until} from './servers.js';
import {TABLE, type Target} from './writers.js';

/** Three database servers and balancers, set up by the roles, with the accounts and the table of the writers. */
export interface Cluster {
  readonly family: ServerFamily;
  /** The first is the primary of the inventory. */
  readonly servers: readonly [DatabaseServer, DatabaseServer, DatabaseServer];
  readonly balancer: Node;
  /** All of them, that one first. */
  readonly balancers: readonly [Node, ...Node[]];
  readonly project: Project;
  /** Arguments that name the inventory and the playbook. */
  readonly inventory: readonly string[];
  /** Those that name the inventory alone. */
  readonly hosts: readonly string[];
  /** Puts all hosts back to how they were after the first apply. */
  reset(): Promise<void>;
}

/** Where the cluster of a family is: the names of its hosts, and the last number of the balancer's address. */
interface Place {
  readonly prefix: string;
  readonly first: number;
}

/** What a cluster is like. Default: that of most tests. */
export interface ClusterKind {
  /** Part of the name of the state in which it is saved. */
  readonly name: string;
  readonly places: Readonly<Record<ServerFamily, Place>>;
  readonly playbook: string;
  /** Whether it has a second balancer, whose address follows those of the servers. */
  readonly isDoubled: boolean;
}

const PLACES: Readonly<Record<ServerFamily, Place>> = {
  mariadb: {prefix: 'rig-m', first: 180},
  mysql: {prefix: 'rig-y', first: 184},
};
const SUITE = {mariadb: 'trixie', mysql: 'sid'} as const;

/**
 * Writers come from the controller, so the whole lab may connect. Hosts of the lab share one machine's memory. `plays`:
 * the text of further ones.
 */
export const playbook = (
  plays = '',
) => `import {databaseBackup, databaseHealth, firewall, haproxy, mysqlPrimary, mysqlReplication, mysqlSemiSync, mysqlServer, play, playbook, z} from 'infra';
const Variables = z.object({database: z.enum(['mariadb', 'mysql']).default('mariadb')});
const clients = {network: '198.18.0.0/24'};
const acks = Number(process.env.INFRA_TEST_DATABASE_ACKS ?? 1);
export default playbook('site', {vars: Variables}, async ({secret, authority}) => {
  const ca = await authority();
  const replicator = {user: 'replicator', password: secret('mysql/replicator')};
  const tls = {certificate: ca, names: ['db.rig.test']};
  return [
    play('firewall', {hosts: 'all'}, [firewall()]),
    play('database', {hosts: 'db'}, [
      ({host: {vars}}) =>
        mysqlServer({
          ...{family: vars.database, from: clients, tls, memory: 1024},
          semiSync: {acks, onReplicaLoss: 'stop'},
        }),
    ]),
    play('primary', {hosts: 'db', needs: ['database']}, [
      mysqlPrimary({replication: replicator, tls: true, databases: [{name: 'rig'}]}),
    ]),
    play('replica', {hosts: 'db', needs: ['primary']}, [mysqlReplication({...replicator, tls: true})]),
    play('semi-sync', {hosts: 'db', needs: ['replica']}, [mysqlSemiSync({acks})]),
    play('database health', {hosts: 'db', needs: ['primary']}, [
      ({host: {vars}}) => databaseHealth({family: vars.database, acks}),
    ]),
    play('balancer', {hosts: 'lb', needs: ['database health']}, [haproxy({services: [], databases: {from: clients}})]),
    ${plays}
  ];
});
`;

const USUAL: ClusterKind = {name: 'ready', places: PLACES, playbook: playbook(), isDoubled: false};

/**
 * Names and addresses of the cluster of a family. `boot` boots these hosts bare and returns the file of an inventory;
 * where `INFRA_TEST_DATABASE_SITE` names a directory with a project and `hosts.FAMILY.yml`, its hosts are up: those of
 * `place.FAMILY.json` if it is there.
 */
export async function openCluster(
  family: ServerFamily,
  boot: (hosts: Readonly<Record<string, TestHost>>) => Promise<string>,
  {name: kind, places, playbook: text, isDoubled}: ClusterKind = USUAL,
): Promise<Cluster> {
  const site = process.env.INFRA_TEST_DATABASE_SITE;
  const {prefix, first: start} = (site && placeIn(site, family)) || places[family];
  const node = (index: number) => `198.18.0.${start + index}`;
  const server = (index: number): DatabaseServer => ({name: `${prefix}${index}`, address: node(index), family});
  const servers = [server(1), server(2), server(3)] as const;
  const balancer = {name: `${prefix}l`, address: node(0)};
  const balancers = [balancer, ...(isDoubled ? [{name: `${prefix}l2`, address: node(4)}] : [])] as const;
  const names = [...servers, ...balancers].map(({name}) => name);
  const state = `${prefix}-${kind}${process.env.INFRA_TEST_DATABASE_ACKS ?? ''}`;
  let isReady = false;
  const reset = async () => {
    if (isReady) isReady = false;
    else await mustRun(['lab', 'reset', '--to', state, ...names]);
    await settled(servers);
  };
  if (site !== undefined) {
    const project = projectIn(site);
    const hosts = ['--inventory', path.join(site, `hosts.${family}.yml`)];
    const cluster: Cluster = {family, servers, balancer, balancers, project, inventory: hosts, hosts, reset};
    isReady = await saveOnce(cluster, state, names);
    return cluster;
  }
  const [first, ...others] = servers;
  const own = {suite: SUITE[family], vars: {database: family}};
  const file = await boot({
    ...Object.fromEntries(balancers.map(({name, address}) => [name, {address, groups: ['lb'], vars: own.vars}])),
    [first.name]: {address: first.address, groups: ['db', 'primary'], ...own},
    ...Object.fromEntries(others.map(({name, address}) => [name, {address, groups: ['db', 'replica'], ...own}])),
  });
  const project = await newProject(text);
  const hosts = ['--inventory', file];
  const inventory = [...hosts, '--playbook', 'site.ts'];
  const cluster: Cluster = {family, servers, balancer, balancers, project, inventory, hosts, reset};
  await infra(['lab', 'forget', state]);
  isReady = await saveOnce(cluster, state, names);
  return cluster;
}

/** Where a site has the hosts of a family, if it says so. */
export function placeIn(site: string, family: ServerFamily): Place | undefined {
  const file = path.join(site, `place.${family}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Whether the state was not there and the hosts are in it now. */
async function saveOnce({project, inventory, servers}: Cluster, state: string, names: readonly string[]) {
  if ((await mustRun(['lab', 'status'])).stdout.includes(`Saved state ${state}:`)) return false;
  const {code, stdout, stderr} = await project.run(['apply', '--yes', ...inventory]);
  if (code !== 0) throw new Error(`apply: exit ${code}\n${stdout}${stderr}`);
  await sql(servers[0], `${TABLE}\n${ACCOUNTS}`);
  await settled(servers);
  await mustRun(['lab', 'save', state, ...names]);
  await settled(servers);
  return true;
}

/** The first one takes writes, the others copy it and have all of it. */
async function settled([primary, ...replicas]: Cluster['servers']): Promise<void> {
  await until(`${primary.name} takes writes`, async () => (await stateOf(primary))?.readOnly === false, 60);
  for (const server of replicas)
    await until(`${server.name} copies ${primary.name}`, () => copies(server, primary), 60);
}

/** Whether a server copies another one, and has executed all that it has. */
export async function copies(server: DatabaseServer, primary: DatabaseServer): Promise<boolean> {
  const [state, other] = await Promise.all([stateOf(server), stateOf(primary)]);
  if (!state?.replica || !other) return false;
  const {source, io, sql: applies} = state.replica;
  return source === primary.address && io === 'Yes' && applies === 'Yes' && contains(state.executed, other.executed);
}

/** Directly to a server, or through a balancer. */
export const targetOf = ({address}: Node): Target => ({...CLIENT, host: address, port: 3306});

/** What the clients were told, compared with what a server holds. */
export async function verdictOf(writes: readonly Write[], server: DatabaseServer): Promise<Verdict> {
  return judge(writes, await rowsOf(server));
}
