import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {killedAtStep} from '../support/database/faults.js';
import {type Play, playScenario} from '../support/database/play-scenario.js';
import {failovers, nothingLost, switchovers} from '../support/database/rounds.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * infra is killed at each step of an operation and run again: the servers end up as they should, and no acknowledged row
 * is lost.
 */

/** The most steps of an operation. */
const STEPS = 12;

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  /** The first event is killed at its first step, the next one at its second. */
  const killing = (log: Play['log']): Play => {
    let step = 0;
    const operate: Play['operate'] = (project, args) =>
      args.includes('rejoin') ? project.run(args) : killedAtStep(project, args, ++step);
    return {operate, ...(log && {log})};
  };

  test(`${family}: a switchover that is killed at each step`, async (t) => {
    nothingLost(
      t,
      await playScenario(
        cluster,
        switchovers(STEPS),
        killing((line) => t.log(line)),
      ),
    );
  });

  test(`${family}: a failover that is killed at each step`, async (t) => {
    nothingLost(
      t,
      await playScenario(
        cluster,
        failovers(STEPS),
        killing((line) => t.log(line)),
      ),
    );
  });
}
