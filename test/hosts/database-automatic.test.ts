import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {askConsole, onConsole} from '../support/database/console.js';
import {cutPower, freeze, restorePower, wake} from '../support/database/faults.js';
import {judge} from '../support/database/ledger.js';
import type {Node} from '../support/database/network.js';
import {ACCOUNTS, CLIENT, type DatabaseServer, rowsOf, sql, stateOf, until} from '../support/database/servers.js';
import {startWriters, TABLE, type Writers} from '../support/database/writers.js';
import {bareHosts} from '../support/hosts.js';
import {mustRun, labTest as test} from '../support/lab.js';
import {newProject, type Project} from '../support/project.js';

/*
 * Automatic failover: three servers whose writes wait for a replica, two balancers that decide, and clients that keep
 * their own list of what was acknowledged. Each test begins with the hosts as the roles have left them.
 */

const FIRST = {mariadb: 188, mysql: 193} as const;
const SUITE = {mariadb: 'trixie', mysql: 'sid'} as const;

/** Seconds without a sign of the primary. */
const AFTER = 15;

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

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

/** The hosts of one family, and the project that has set them up. */
interface Site {
  readonly servers: readonly [DatabaseServer, DatabaseServer, DatabaseServer];
  readonly balancers: readonly [Node, Node];
  readonly project: Project;
  readonly inventory: readonly string[];
}

function testFamily(family: ServerFamily): void {
  let site: Site;

  test.before(async () => {
    site = await openSite(family);
  });

  test.beforeEach(async () => {
    await mustRun(['lab', 'reset', '--to', `auto-${family}`, ...namesOf(site)]);
    await settled(site);
  });

  test(`${family}: when the primary loses its power, one balancer promotes a replica, and no row is lost`, async (t) => {
    const {servers, project, inventory} = site;
    const [old] = servers;
    const writers = await write(site);
    const began = Date.now();
    await cutPower(old);
    const now = await promoted(site);
    t.log(`${(Date.now() - began) / 1000} s, with ${AFTER} s until it acts`);
    const before = writers.acknowledged();
    await until('writes go on', async () => writers.acknowledged() > before + 50);
    await noneLost(t, writers, now);
    t.deepEqual((await records(site)).filter(({phase}) => phase === 'done').length, 1);

    await restorePower(old);
    await until('it is up', async () => (await stateOf(old))?.readOnly === true, 60);
    const plan = await project.run(['plan', ...inventory]);
    t.regex(plan.stdout, new RegExp(`${now.name} is the primary now, and nothing here changes that`));
    t.regex(plan.stdout, /0 to create, 0 to change, 0 to delete/);
    const rejoin = await project.run(['db', 'rejoin', old.name, '--yes', ...inventory]);
    t.is(rejoin.code, 0, rejoin.stdout + rejoin.stderr);

    await cutPower(now);
    await sleep((AFTER + 15) * 1000);
    const said = await Promise.all(site.balancers.map(({name}) => log(name)));
    for (const text of said) t.regex(text, /was promoted \d+ s ago, and failovers are 3600 s apart/);
    t.is((await stateOf(old))?.readOnly, true);
  });

  test(`${family}: a primary that hangs is replaced, and acknowledges nothing when it wakes`, async (t) => {
    const [old] = site.servers;
    const writers = await write(site);
    await freeze(old);
    const now = await promoted(site);
    await wake(old);
    await sleep(10_000);
    await noneLost(t, writers, now);
  });

  test(`${family}: a primary that wakes before the point of no return stays the primary`, async (t) => {
    const [old] = site.servers;
    const writers = await write(site);
    await freeze(old);
    await until('a balancer acts', async () => (await records(site)).some(({phase}) => phase === 'begun'), 60);
    await wake(old);
    const before = writers.acknowledged();
    await until('writes go on', async () => writers.acknowledged() > before + 50, 60);
    const primaries = await Promise.all(site.servers.map(async (each) => (await stateOf(each))?.readOnly === false));
    t.is(primaries.filter(Boolean).length, 1);
    await noneLost(t, writers, site.servers[primaries.indexOf(true)] ?? old);
  });

  test(`${family}: deciders that are killed while they act finish it, or let the other one`, async (t) => {
    const writers = await write(site);
    await cutPower(site.servers[0]);
    for (let kills = 0; kills < 6; ) {
      const acting = (await records(site)).findIndex(({phase}) => phase === 'begun' || phase === 'promoting');
      if (acting >= 0) {
        await onConsole(site.balancers[acting]?.name ?? '', 'systemctl kill -s KILL database-failover');
        kills++;
      } else if ((await primaryOf(site)) !== undefined) break;
    }
    await noneLost(t, writers, await promoted(site));
  });

  test(`${family}: a balancer that alone cannot reach the primary does nothing`, async (t) => {
    const [old] = site.servers;
    const [lonely] = site.balancers;
    const writers = await write(site);
    const cut = (hook: string, field: string) =>
      `add chain ip cut ${hook} { type filter hook ${hook} priority -300; }; add rule ip cut ${hook} ip ${field} ${old.address} drop;`;
    await askConsole(lonely.name, `nft 'add table ip cut; ${cut('output', 'daddr')} ${cut('input', 'saddr')}'`);
    await sleep((AFTER + 15) * 1000);
    t.regex(await log(lonely.name), /nothing is done: \S+ is still connected to/);
    t.deepEqual(await records(site), [{}, {}]);
    await noneLost(t, writers, old);
  });
}

async function openSite(family: ServerFamily): Promise<Site> {
  const letter = family === 'mariadb' ? 'm' : 'y';
  const address = (index: number) => `198.18.0.${FIRST[family] + index}`;
  const server = (index: number) => ({name: `auto-${letter}${index + 1}`, address: address(index), family});
  const servers = [server(0), server(1), server(2)] as const;
  const balancer = (index: number) => ({name: `auto-${letter}l${index - 2}`, address: address(index)});
  const balancers = [balancer(3), balancer(4)] as const;
  const vars = {database: family};
  const hosts = [
    ...servers.map((each, index) => {
      const groups = ['db', index === 0 ? 'primary' : 'replica'];
      return [each.name, {address: each.address, groups, suite: SUITE[family], vars}] as const;
    }),
    ...balancers.map((each) => [each.name, {address: each.address, groups: ['lb'], vars}] as const),
  ];
  const file = await bareHosts(Object.fromEntries(hosts));
  const project = await newProject(PLAYBOOK);
  const site: Site = {servers, balancers, project, inventory: ['--inventory', file, '--playbook', 'site.ts']};
  const {code, stdout, stderr} = await project.run(['apply', '--yes', ...site.inventory]);
  if (code !== 0) throw new Error(`apply: exit ${code}\n${stdout}${stderr}`);
  await sql(servers[0], `${TABLE}\n${ACCOUNTS}`);
  await settled(site);
  await mustRun(['lab', 'save', `auto-${family}`, ...namesOf(site)]);
  return site;
}

const namesOf = ({servers, balancers}: Site) => [...servers, ...balancers].map(({name}) => name);

async function settled({servers: [first, ...replicas]}: Site): Promise<void> {
  await until('the primary takes writes', async () => (await stateOf(first))?.readOnly === false, 60);
  for (const each of replicas)
    await until(`${each.name} replicates`, async () => (await stateOf(each))?.replica?.io === 'Yes', 60);
}

/** Clients through the first balancer, under way. */
async function write({balancers: [{address}]}: Site): Promise<Writers> {
  const writers = startWriters({...CLIENT, host: address, port: 3306}, {kept: 4, fresh: 4, pause: 20});
  await until('rows are written', async () => writers.acknowledged() > 300);
  return writers;
}

/** The former replica that takes writes and replicates from none. */
async function primaryOf({servers}: Site): Promise<DatabaseServer | undefined> {
  const [, ...replicas] = servers;
  const states = await Promise.all(replicas.map(stateOf));
  return replicas.find((_, index) => {
    const state = states[index];
    return state && !state.readOnly && !state.replica;
  });
}

async function promoted(site: Site): Promise<DatabaseServer> {
  let found: DatabaseServer | undefined;
  const isFound = async () => {
    found = await primaryOf(site);
    return found !== undefined;
  };
  await until('a replica is promoted', isFound, AFTER + 45);
  if (!found) throw new Error('no replica is promoted');
  return found;
}

async function noneLost(t: ExecutionContext, writers: Writers, on: DatabaseServer): Promise<void> {
  const verdict = judge(await writers.end(), await rowsOf(on));
  const {acknowledged, missing, doubled, refusedButThere, foreign, pause} = verdict;
  t.log({acknowledged, pause});
  t.deepEqual([missing, doubled, refusedButThere, foreign], [[], [], [], []]);
}

/** What each balancer has written down; an empty record where it has done nothing. */
function records({balancers}: Site): Promise<readonly Readonly<Record<string, string>>[]> {
  return Promise.all(
    balancers.map(async ({name}) => {
      const text = await askConsole(name, 'cat /var/lib/database-failover/failover.json 2>/dev/null || echo {}');
      return JSON.parse(text);
    }),
  );
}

function log(balancer: string): Promise<string> {
  return askConsole(balancer, 'journalctl --unit database-failover --boot --output cat --no-pager');
}
