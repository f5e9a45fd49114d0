import {setTimeout as sleep} from 'node:timers/promises';
import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {freeze, wake} from '../support/database/faults.js';
import {CONTROLLER} from '../support/database/network.js';
import {playScene, type Scene} from '../support/database/play-scene.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * Servers whose process stops and goes on at any moment of an operation (SIGSTOP, SIGCONT). The moments are random, and in
 * the log. Clients at every server show that no second one takes writes.
 */

/** How often each is tried. */
const TIMES = Number(process.env.INFRA_TEST_DATABASE_ROUNDS ?? 1);

const after = (most: number) => Math.round(Math.random() * most);

/** The old primary hangs, out of infra's reach, another one is promoted, and the old one is in reach again. */
async function replaced({cluster: {servers}, network, mustDb}: Scene): Promise<void> {
  await network.cut(servers[0], CONTROLLER);
  await freeze(servers[0]);
  await mustDb('failover', servers[1].name);
  await network.heal();
}

interface ZombieScene {
  readonly title: string;
  readonly end: string;
  readonly act: (scene: Scene) => Promise<unknown>;
}

const OLD_PRIMARY: readonly ZombieScene[] = [
  {
    title: 'the old primary goes on during its rejoin',
    end: 'SMS',
    act: async (scene) => {
      const {
        cluster: {servers},
        log,
        db,
        mustDb,
      } = scene;
      await replaced(scene);
      const moment = after(6000);
      log(`it goes on after ${moment} ms`);
      const [outcome] = await Promise.all([db('rejoin', servers[0].name), sleep(moment).then(() => wake(servers[0]))]);
      if (outcome.code !== 0) {
        log(`rejoin: exit ${outcome.code}: ${outcome.stderr.trim()}`);
        await mustDb('rejoin', servers[0].name);
      }
    },
  },
  {
    title: 'the old primary goes on during a switchover between the two others',
    end: 'SSM',
    act: async (scene) => {
      const {
        cluster: {servers},
        log,
        mustDb,
      } = scene;
      await replaced(scene);
      const moment = after(8000);
      log(`it goes on after ${moment} ms`);
      await Promise.all([mustDb('switchover', servers[2].name), sleep(moment).then(() => wake(servers[0]))]);
      await mustDb('rejoin', servers[0].name);
    },
  },
];

/** One of the servers hangs in the middle of a switchover, for 20 s. The same command is run again if need be. */
const IN_SWITCHOVER: readonly ZombieScene[] = [0, 1, 2].map((victim) => ({
  title: `${['the primary', 'the new primary', 'another replica'][victim]} hangs for 20 s during a switchover`,
  end: 'SMS',
  act: async ({cluster: {servers}, log, db, mustDb}) => {
    const server = servers[victim] ?? servers[0];
    const moment = after(6000);
    log(`it hangs after ${moment} ms`);
    const hang = async () => {
      await sleep(moment);
      await freeze(server);
      await sleep(20_000);
      await wake(server);
    };
    const [outcome] = await Promise.all([db('switchover', servers[1].name), hang()]);
    log(`switchover: exit ${outcome.code}: ${outcome.stderr.trim()}`);
    if (outcome.code !== 0) {
      await sleep(10_000);
      await mustDb('switchover', servers[1].name);
    }
    for (const each of [servers[0], servers[2]]) {
      const {stdout, stderr} = await db('rejoin', each.name);
      log((stdout + stderr).trim().split('\n').at(-1) ?? '');
    }
  },
}));

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  for (const {title, end, act} of [...OLD_PRIMARY, ...IN_SWITCHOVER]) {
    for (let time = 1; time <= TIMES; time++) {
      test(`${family}: ${title} (${time})`, async (t) => {
        await playScene(t, cluster, end, act);
      });
    }
  }
}
