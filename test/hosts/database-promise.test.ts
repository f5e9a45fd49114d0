import type {ExecutionContext} from 'ava';
import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster, targetOf, verdictOf} from '../support/database/cluster.js';
import {cutPower} from '../support/database/faults.js';
import {CONTROLLER, type DelayedNetwork, startNetwork} from '../support/database/network.js';
import {sql, stateOf, until} from '../support/database/servers.js';
import {startWriters, type Writers} from '../support/database/writers.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * What a failover promises where writes did not wait as the playbook says, and where the network is cut on one side: the
 * primary is up, and its replicas, or infra, do not reach it. Clients keep their own list of acknowledged rows.
 */

const WAITS = {mariadb: 'rpl_semi_sync_master_enabled', mysql: 'rpl_semi_sync_source_enabled'} as const;

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

/** A cluster under load, with 20 ms between its servers. */
interface Scene {
  readonly cluster: Cluster;
  readonly network: DelayedNetwork;
  readonly writers: Writers;
}

function testFamily(family: ServerFamily): void {
  let opened: Promise<Cluster> | undefined;
  let cluster: Cluster;

  const play = async (scene: (it: Scene) => Promise<void>) => {
    opened ??= openCluster(family, bareHosts);
    cluster = await opened;
    await cluster.reset();
    const network = await startNetwork(cluster.servers, 20);
    const writers = startWriters(targetOf(cluster.balancer), {kept: 2, fresh: 2, pause: 20});
    try {
      await until('clients write', async () => writers.acknowledged() > 100, 60);
      await scene({cluster, network, writers});
    } finally {
      await writers.end(0);
      await network.end();
    }
  };
  const failover = (...more: string[]) =>
    cluster.project.run(['db', 'failover', '--yes', ...more, ...cluster.inventory]);
  const knows = (name: string) =>
    until(
      `a failover says: ${name}`,
      async () => (await cluster.project.run(['db', 'status', ...cluster.inventory])).stdout.includes(name),
      60,
    );

  test(`${family}: semi-synchronous replication is switched off by hand: nothing is promised`, async (t) => {
    await play(async ({cluster: {servers}}) => {
      const [old] = servers;
      await knows('none that was acknowledged is lost with the primary alone');
      await sql(old, `SET GLOBAL ${WAITS[family]} = OFF`);
      await knows('Writes do not wait for a replica now');
      await cutPower(old);
      const refused = await failover();
      t.is(refused.code, 1);
      t.regex(
        flat(refused.stdout + refused.stderr),
        /did not wait for a replica: those that it acknowledged last may be missing/,
      );
      const accepted = await failover('--accept-loss');
      t.is(accepted.code, 0, accepted.stdout + accepted.stderr);
    });
  });

  test(`${family}: it was never switched on: nothing is promised until the replicas have all from before`, async (t) => {
    await play(async ({cluster: {servers}}) => {
      const [old] = servers;
      await sql(old, `SET GLOBAL ${WAITS[family]} = OFF`);
      await knows('Writes do not wait for a replica now');
      await sql(old, `SET GLOBAL ${WAITS[family]} = ON`);
      await knows('none that was acknowledged is lost with the primary alone');
      await cutPower(old);
      const {code, stdout, stderr} = await failover();
      t.is(code, 0, stdout + stderr);
      t.regex(flat(stdout), /No acknowledged write is lost: writes on \S+ waited for a replica when \S+ heard it last/);
    });
  });

  for (const direction of ['both', 'to', 'from'] as const) {
    test(`${family}: the primary is cut off from its replicas (${direction}), and infra reaches it`, async (t) => {
      await play(async ({cluster: {servers}, network, writers}) => {
        const [old, second, third] = servers;
        for (const replica of [second, third]) await network.cut(old, replica, direction);
        await until(
          'no replica receives',
          async () => {
            const states = await Promise.all([second, third].map(stateOf));
            return states.every((state) => state?.replica?.io !== 'Yes');
          },
          90,
        );
        const {code, stdout, stderr} = await failover();
        t.is(code, 0, stdout + stderr);
        t.regex(flat(stdout), /takes writes, and too few replicas receive them\. It is closed and stopped first/);
        t.is(await stateOf(old), undefined, 'it is stopped');
        await goesOn(t, {cluster, network, writers});
      });
    });
  }

  test(`${family}: infra alone does not reach the primary`, async (t) => {
    await play(async ({cluster: {servers}, network, writers}) => {
      const [old] = servers;
      await network.cut(old, CONTROLLER);
      // Both receive until they are revoked: the one that was chosen before may be the one behind. Then all is taken back.
      let result = await failover();
      for (let tries = 0; tries < 10 && /has received what/.test(flat(result.stdout)); tries++)
        result = await failover();
      const {code, stdout, stderr} = result;
      t.is(code, 0, stdout + stderr);
      t.regex(flat(stdout), /still receives? from \S+: it may be up, and out of reach from here alone/);
      await goesOn(t, {cluster, network, writers});
    });
  });
}

/** Without the breaks of lines. */
const flat = (text: string) => text.replace(/\s+/g, ' ');

/** One server takes writes, and has every acknowledged row once. */
async function goesOn(t: ExecutionContext, {cluster, network, writers}: Scene): Promise<void> {
  const before = writers.acknowledged();
  await until('writes go on', async () => writers.acknowledged() > before + 100, 60);
  await network.heal();
  const writes = await writers.end();
  const opened = async () => {
    const states = await Promise.all(cluster.servers.map(stateOf));
    return cluster.servers.filter((_, index) => states[index]?.readOnly === false);
  };
  // One that infra did not reach sees the new one, and ends its clients until it can close.
  await until('one server takes writes', async () => (await opened()).length === 1, 60);
  const open = await opened();
  const [now] = open;
  if (!now) return;
  const verdict = await verdictOf(writes, now);
  t.deepEqual([verdict.missing, verdict.doubled], [[], []]);
  t.log(`${verdict.acknowledged} acknowledged, ${verdict.missing.length} missing`);
}
