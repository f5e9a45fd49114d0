import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {cutPower, freeze, kill, restorePower, wake} from '../support/database/faults.js';
import {type Play, playScenario} from '../support/database/play-scenario.js';
import {failovers, nothingLost, ROUNDS} from '../support/database/rounds.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * Failovers under load, with 20 ms between the servers and semi-synchronous replication: no acknowledged row is lost,
 * at no time do two servers take writes, and infra plan has nothing to do once all are back.
 */

/** Ways to die, and back. */
const DEATHS: Readonly<Record<string, Pick<Play, 'die' | 'comeBack'>>> = {
  'the power is cut': {die: cutPower, comeBack: restorePower},
  'the server hangs, and goes on later': {die: freeze, comeBack: wake},
};

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  for (const [title, ways] of Object.entries(DEATHS)) {
    test(`${family}: ${ROUNDS} failovers under load: ${title}`, async (t) => {
      nothingLost(t, await playScenario(cluster, failovers(ROUNDS), {...ways, log: (line) => t.log(line)}));
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
