import {setTimeout as sleep} from 'node:timers/promises';
import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {cutPower} from '../support/database/faults.js';
import {CONTROLLER} from '../support/database/network.js';
import {playScene, type Scene} from '../support/database/play-scene.js';
import {sql, until} from '../support/database/servers.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * Cables that are cut between two hosts alone, or in one direction, while roles change; and replicas that have received
 * more than they have executed. Clients at every server show that no second one takes writes.
 */

interface CutScene {
  readonly title: string;
  readonly end: string;
  readonly act: (scene: Scene) => Promise<unknown>;
}

/** An operation must refuse, with words. */
async function refused({db, fault, log}: Scene, words: readonly string[], why: RegExp): Promise<void> {
  const {code, stdout, stderr} = await db(...words);
  log(`infra db ${words.join(' ')}: exit ${code}, ${stderr.split('\n')[0]}`);
  if (code !== 1 || !why.test(stderr + stdout))
    fault(`infra db ${words.join(' ')}: exit ${code}, not refused with ${why}\n${stdout}${stderr}`);
}

const SCENES: readonly CutScene[] = [
  {
    title: 'the primary and one replica do not reach each other, and do again',
    end: 'MSS',
    act: async ({cluster: {servers}, network}) => {
      await network.cut(servers[0], servers[1]);
      await sleep(8000);
      await network.heal();
    },
  },
  {
    title: 'switchover to the replica that the primary reaches',
    end: 'SMS',
    act: async ({cluster: {servers}, network, mustDb}) => {
      await network.cut(servers[0], servers[2]);
      await sleep(2000);
      await mustDb('switchover', servers[1].name);
      await network.heal();
    },
  },
  {
    title: 'switchover to the replica that the primary does not reach changes nothing, and works when it does',
    end: 'SMS',
    act: async (scene) => {
      const {servers} = scene.cluster;
      await scene.network.cut(servers[0], servers[1]);
      await sleep(2000);
      await refused(scene, ['switchover', servers[1].name], /has not executed everything|does not replicate/);
      await scene.network.heal();
      await sleep(8000);
      await scene.mustDb('switchover', servers[1].name);
    },
  },
  ...(['to', 'from'] as const).map((direction) => ({
    title: `only what one replica sends ${direction === 'to' ? 'to' : 'gets from'} the primary is lost`,
    end: 'SMS',
    act: async ({cluster: {servers}, network, mustDb}: Scene) => {
      await network.cut(servers[2], servers[0], direction);
      await sleep(5000);
      await mustDb('switchover', servers[1].name);
      await network.heal();
    },
  })),
  {
    title: 'infra does not reach the primary: failover',
    end: 'SMS',
    act: async (scene) => {
      const {servers} = scene.cluster;
      await scene.network.cut(CONTROLLER, servers[0]);
      await refused(scene, ['switchover', servers[1].name], /does not answer|infra db failover/);
      await scene.mustDb('failover', servers[1].name);
      await sleep(5000);
      await scene.network.heal();
      await sleep(2000);
      await scene.mustDb('rejoin', servers[0].name);
    },
  },
  {
    title: 'infra does not reach a replica: switchover, which leaves that one out',
    end: 'SMS',
    act: async ({cluster: {servers}, network, mustDb}) => {
      await network.cut(CONTROLLER, servers[2]);
      await mustDb('switchover', servers[1].name);
      await sleep(5000);
      await network.heal();
      await mustDb('rejoin', servers[2].name);
    },
  },
  {
    title: 'infra does not reach a replica, and the primary dies: failover is refused until it does',
    end: 'XMS',
    act: async (scene) => {
      const {servers} = scene.cluster;
      await scene.network.cut(CONTROLLER, servers[2]);
      await cutPower(servers[0], scene.network);
      await refused(scene, ['failover'], /1 of 2 replicas .* does not answer/);
      await scene.network.heal();
      await scene.mustDb('failover', servers[1].name);
    },
  },
  {
    title: 'the balancer does not reach the primary: switchover brings writes back',
    end: 'SMS',
    act: async ({cluster: {servers, balancer}, network, writers, mustDb, fault}) => {
      await network.cut(balancer, servers[0]);
      await sleep(6000);
      const before = writers.acknowledged();
      await mustDb('switchover', servers[1].name);
      await sleep(2000);
      if (writers.acknowledged() === before) fault('no client of the balancer writes again');
      await network.heal();
    },
  },
  {
    title: 'a replica has received what the other one has not, and executed less: it is chosen and finished',
    end: 'XSM',
    act: async ({cluster: {servers}, network, writers, mustDb}) => {
      const [primary, other, ahead] = servers;
      await sql(ahead, 'STOP REPLICA SQL_THREAD;');
      await network.cut(primary, other);
      const before = writers.acknowledged();
      await until('rows are acknowledged by the one alone', async () => writers.acknowledged() > before + 100);
      await cutPower(primary, network);
      await mustDb('failover');
    },
  },
  {
    title: 'a replica has received less than the other one: its name is refused',
    end: 'XSM',
    act: async (scene) => {
      const {
        cluster: {
          servers: [primary, other, ahead],
        },
        network,
        writers,
      } = scene;
      await network.cut(primary, other);
      const before = writers.acknowledged();
      await until('rows are acknowledged by the one alone', async () => writers.acknowledged() > before + 100);
      await cutPower(primary, network);
      await refused(
        scene,
        ['failover', other.name],
        new RegExp(`${ahead.name} has received what ${other.name} has not`),
      );
      await scene.mustDb('failover');
    },
  },
];

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  for (const {title, end, act} of SCENES) {
    test(`${family}: ${title}`, async (t) => {
      await playScene(t, cluster, end, act);
    });
  }
}
