import {type Cluster, openCluster} from '../support/database/cluster.js';
import {playScenario} from '../support/database/play-scenario.js';
import {nothingFailed, nothingLost, ROUNDS, switchovers} from '../support/database/rounds.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * Switchovers under load, with 20 ms between the servers and semi-synchronous replication: no acknowledged row is lost,
 * clients that connect for each row see no error, and infra plan has nothing to do afterwards.
 */

for (const family of ['mariadb', 'mysql'] as const) {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  test(`${family}: ${ROUNDS} switchovers under load`, async (t) => {
    const played = await playScenario(cluster, switchovers(ROUNDS), {log: (line) => t.log(line)});
    nothingLost(t, played);
    nothingFailed(t, played);
  });

  test(`${family}: a switchover while one replica is away, which comes back`, async (t) => {
    const played = await playScenario(cluster, 'MSS MSX SMX SMS', {log: (line) => t.log(line)});
    nothingLost(t, played);
    nothingFailed(t, played);
  });
}
