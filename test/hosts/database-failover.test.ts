import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {hanging, isolated, zombie} from '../support/database/deaths.js';
import {kill} from '../support/database/faults.js';
import {type Play, playScenario} from '../support/database/play-scenario.js';
import {failovers, nothingLost, ROUNDS} from '../support/database/rounds.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * Failovers under load, with 20 ms between the servers and semi-synchronous replication: no acknowledged row is lost,
 * at no time do two servers take writes, and infra plan has nothing to do once all are back.
 */

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  const played = (title: string, scenario: string, playFor: (cluster: Cluster) => Play = () => ({})) =>
    test(`${family}: ${title}: ${scenario}`, async (t) => {
      nothingLost(t, await playScenario(cluster, scenario, {...playFor(cluster), log: (line) => t.log(line)}));
    });

  test(`${family}: ${ROUNDS} failovers under load after the power was cut`, async (t) => {
    nothingLost(t, await playScenario(cluster, failovers(ROUNDS), {log: (line) => t.log(line)}));
  });

  played('the server hangs, and goes on after it was replaced', 'MSS XMS SMS', zombie);
  played('its network is gone while commits wait, and comes back', 'MSS XMS SMS', isolated);
  played('a primary that is killed takes writes again by itself', 'MSS MSS', () => ({
    disturb: ({servers: [primary]}) => kill(primary),
  }));
  played('a switchover and a failover while a replica hangs', 'MSS MSX SMX SMS', hanging);
  played('the next primary dies while the first one is back and has not rejoined', 'MSS XMS SXM SSM');
  played('after a power cut of all servers the primary takes writes again by itself', 'MSS XXX MSS');
  played('a replica is away, and the primary dies while one is', 'MSS MSX MSS MXS XXS XSM SSM');
}
