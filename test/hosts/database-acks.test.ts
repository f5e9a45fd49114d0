// The playbook of the cluster reads it.
process.env.INFRA_TEST_DATABASE_ACKS = '2';

import {type Cluster, openCluster} from '../support/database/cluster.js';
import {cutPower, restorePower} from '../support/database/faults.js';
import {playScenario} from '../support/database/play-scenario.js';
import {playScene} from '../support/database/play-scene.js';
import {nothingLost} from '../support/database/rounds.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * Writes that wait for two replicas, which only MySQL can. No operation hangs where too few replicas are left
 * (percona/orchestrator#100), and the primary and a replica may be lost together.
 */

let cluster: Cluster;

test.before(async () => {
  cluster = await openCluster('mysql', bareHosts);
});

const SCENARIOS: Readonly<Record<string, string>> = {
  switchovers: 'MSS SMS SSM MSS',
  'a failover, which leaves one replica, and a switchover when the old primary is back': 'MSS XMS SMS SSM',
  'the primary and a replica are lost together': 'MSS XMX SMX SMS',
};

for (const [title, text] of Object.entries(SCENARIOS)) {
  test(`mysql: two acknowledgements: ${title}: ${text}`, async (t) => {
    nothingLost(t, await playScenario(cluster, text, {log: (line) => t.log(line)}));
  });
}

test('mysql: two acknowledgements: a switchover with one replica left says why it cannot, and works when it is back', async (t) => {
  await playScene(t, cluster, 'SMS', async ({cluster: {servers}, network, db, mustDb, fault, log}) => {
    await cutPower(servers[2], network);
    const began = performance.now();
    const {code, stdout, stderr} = await db('switchover', servers[1].name);
    log(`switchover: exit ${code}\n${stdout}${stderr}`);
    if (code !== 1) fault('the switchover was not refused while writes wait for a replica that is away');
    if (performance.now() - began > 120_000) fault('the switchover hung');
    await restorePower(servers[2], network);
    await mustDb('switchover', servers[1].name);
  });
});
