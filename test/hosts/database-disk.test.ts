import {setTimeout as sleep} from 'node:timers/promises';
import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {fillDisk, freeDisk, limitDisk} from '../support/database/faults.js';
import {playScene, type Scene} from '../support/database/play-scene.js';
import {type DatabaseServer, stateOf, until} from '../support/database/servers.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * The file system of the data is full: on the primary, on a replica, on both. What the operator does next works, and
 * nothing that was acknowledged is lost.
 */

/** Room for some minutes of rows, before it is taken. */
const MEBIBYTES = 60;

interface DiskScene {
  readonly title: string;
  /** The servers whose disk is limited. */
  readonly full: readonly number[];
  readonly end: string;
  readonly act: (scene: Scene, full: readonly DatabaseServer[]) => Promise<unknown>;
}

/** Fills the disks until no client is acknowledged, or for 15 seconds. */
async function fill({writers, log}: Scene, servers: readonly DatabaseServer[]): Promise<void> {
  await Promise.all(servers.map(fillDisk));
  for (let seconds = 0; seconds < 15; seconds++) {
    const before = writers.acknowledged();
    await sleep(1000);
    if (writers.acknowledged() === before) break;
  }
  log(`${servers.map(({name}) => name).join(' and ')} full, ${writers.acknowledged()} rows`);
}

async function status({cluster: {project, inventory}, log}: Scene): Promise<void> {
  const {code, stdout, stderr} = await project.run(['db', 'status', ...inventory]);
  log(`infra db status: exit ${code}\n${stdout}${stderr}`);
}

const SCENES: readonly DiskScene[] = [
  {
    title: 'full on the primary, and free again',
    full: [0],
    end: 'MSS',
    act: async (scene, full) => {
      await fill(scene, full);
      await status(scene);
      await Promise.all(full.map(freeDisk));
    },
  },
  {
    title: 'full on the primary: another one takes over',
    full: [0],
    end: 'SMS',
    act: async (scene, full) => {
      const {servers} = scene.cluster;
      await fill(scene, full);
      const {code, stdout, stderr} = await scene.db('switchover', servers[1].name);
      scene.log(`switchover: exit ${code}\n${stdout}${stderr}`);
      if (code !== 0) {
        // It takes no writes and answers no more: what the message says comes next.
        const next = /infra db failover/.test(stdout + stderr);
        if (!next) scene.fault('the refused switchover does not name the next command');
        await scene.mustDb('failover', servers[1].name);
      }
      await Promise.all(full.map(freeDisk));
      await sleep(2000);
      const {stdout: said} = await scene.db('rejoin', servers[0].name);
      scene.log(said.trim().split('\n').at(-1) ?? '');
    },
  },
  {
    title: 'full on a replica: writes go on, and a switchover to the other one works',
    full: [2],
    end: 'SMS',
    act: async (scene, full) => {
      const {servers} = scene.cluster;
      await fill(scene, full);
      await status(scene);
      const before = scene.writers.acknowledged();
      await until('clients write', async () => scene.writers.acknowledged() > before + 20);
      await scene.mustDb('switchover', servers[1].name);
      await Promise.all(full.map(freeDisk));
      await sleep(10_000);
      const state = await stateOf(servers[2]);
      scene.log(`replica: io ${state?.replica?.io}, sql ${state?.replica?.sql}: ${state?.replica?.error}`);
      const {stdout} = await scene.db('rejoin', servers[2].name);
      scene.log(stdout.trim().split('\n').at(-1) ?? '');
    },
  },
  {
    title: 'full on the primary and a replica, and free again',
    full: [0, 1],
    end: 'MSS',
    act: async (scene, full) => {
      await fill(scene, full);
      await status(scene);
      await Promise.all(full.map(freeDisk));
      await sleep(10_000);
      const {stdout} = await scene.db('rejoin', scene.cluster.servers[1].name);
      scene.log(stdout.trim().split('\n').at(-1) ?? '');
    },
  },
];

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  for (const {title, full, end, act} of SCENES) {
    const limited = ({servers}: Cluster) => servers.filter((_, index) => full.includes(index));
    const prepare = async (each: Cluster) => {
      for (const server of limited(each)) await limitDisk(server, MEBIBYTES);
      // The primary opens its writes when its replicas have confirmed it.
      await until('the primary takes writes', async () => (await stateOf(each.servers[0]))?.readOnly === false, 120);
    };
    test(`${family}: ${title}`, async (t) => {
      await playScene(t, cluster, end, (scene) => act(scene, limited(cluster)), {prepare, direct: false});
    });
  }
}
