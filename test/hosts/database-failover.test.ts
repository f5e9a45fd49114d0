import {setTimeout as sleep} from 'node:timers/promises';
import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {freeze, kill, wake} from '../support/database/faults.js';
import {CONTROLLER} from '../support/database/network.js';
import {type Play, playScenario} from '../support/database/play-scenario.js';
import {failovers, nothingLost, ROUNDS} from '../support/database/rounds.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * Failovers under load, with 20 ms between the servers and semi-synchronous replication: no acknowledged row is lost,
 * at no time do two servers take writes, and infra plan has nothing to do once all are back.
 */

/** Ways to die and come back besides a power cut. */
const DEATHS: Readonly<Record<string, (cluster: Cluster) => Pick<Play, 'die' | 'comeBack'>>> = {
  'the server hangs, and goes on after it was replaced': () => ({
    die: async (server, network) => {
      await network.cut(server, CONTROLLER);
      await freeze(server);
    },
    comeBack: async (server, network) => {
      await wake(server);
      await sleep(3000);
      await network.heal();
    },
  }),
  'its network is gone while commits wait, and comes back': ({servers: [, second, third], balancer}) => ({
    die: async (server, network) => {
      // The one that is promoted last, so that it has received everything.
      for (const other of [third, second]) await network.cut(server, other);
      await sleep(1500);
      for (const other of [CONTROLLER, balancer]) await network.cut(server, other);
    },
    comeBack: (_, network) => network.heal(),
  }),
};

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  test(`${family}: ${ROUNDS} failovers under load after the power was cut`, async (t) => {
    nothingLost(t, await playScenario(cluster, failovers(ROUNDS), {log: (line) => t.log(line)}));
  });

  for (const [title, waysFor] of Object.entries(DEATHS)) {
    test(`${family}: a failover under load: ${title}`, async (t) => {
      nothingLost(t, await playScenario(cluster, 'MSS XMS SMS', {...waysFor(cluster), log: (line) => t.log(line)}));
    });
  }

  test(`${family}: a primary that is killed is started by systemd, and takes writes again by itself`, async (t) => {
    const disturb = ({servers: [primary]}: Cluster) => kill(primary);
    nothingLost(t, await playScenario(cluster, 'MSS MSS', {disturb, log: (line) => t.log(line)}));
  });

  test(`${family}: the power of all servers is cut: the primary takes writes again by itself`, async (t) => {
    nothingLost(t, await playScenario(cluster, 'MSS XXX MSS', {log: (line) => t.log(line)}));
  });

  test(`${family}: a replica dies and comes back, and the primary dies while one is away`, async (t) => {
    nothingLost(t, await playScenario(cluster, 'MSS MSX MSS MXS XXS XSM SSM', {log: (line) => t.log(line)}));
  });
}
