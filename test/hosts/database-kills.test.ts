import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {killedAtStep} from '../support/database/faults.js';
import {type Play, playScenario} from '../support/database/play-scenario.js';
import {failovers, nothingLost, switchovers} from '../support/database/rounds.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * infra is killed at a step of an operation and run again: the servers end up as they should, and no acknowledged row
 * is lost.
 */

/**
 * The steps at which it is killed: with writes closed, at the point of no return, with no primary. The long version kills
 * it at each.
 */
const STEPS =
  process.env.INFRA_TEST_DATABASE_ROUNDS === undefined ? [3, 5, 7] : Array.from({length: 12}, (_, at) => at + 1);

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  /** Each event is killed at another step. */
  const killing = (log: Play['log']): Play => {
    const steps = [...STEPS];
    const operate: Play['operate'] = (project, args) =>
      args.includes('rejoin') ? project.run(args) : killedAtStep(project, args, steps.shift() ?? 1);
    return {operate, ...(log && {log})};
  };

  test(`${family}: switchovers that are killed half way`, async (t) => {
    nothingLost(
      t,
      await playScenario(
        cluster,
        switchovers(STEPS.length),
        killing((line) => t.log(line)),
      ),
    );
  });

  test(`${family}: failovers that are killed half way`, async (t) => {
    nothingLost(
      t,
      await playScenario(
        cluster,
        failovers(STEPS.length),
        killing((line) => t.log(line)),
      ),
    );
  });
}
