import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {duringSwitchover} from '../support/database/deaths.js';
import {killedAtStep} from '../support/database/faults.js';
import {type Play, playScenario} from '../support/database/play-scenario.js';
import {failovers, nothingLost, switchovers} from '../support/database/rounds.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * infra is killed at a step of an operation and run again, or a server dies at one: the servers end up as they should,
 * and no acknowledged row is lost.
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

  const played = (title: string, scenario: string, playFor: () => Play) =>
    test(`${family}: ${title}`, async (t) => {
      nothingLost(t, await playScenario(cluster, scenario, {...playFor(), log: (line) => t.log(line)}));
    });

  /** Each event is killed at another step. */
  const killing = (): Play => {
    const steps = [...STEPS];
    return {
      operate: (project, args) =>
        args.includes('rejoin') ? project.run(args) : killedAtStep(project, args, steps.shift() ?? 1),
    };
  };

  played('switchovers that are killed half way', switchovers(STEPS.length), killing);
  played('failovers that are killed half way', failovers(STEPS.length), killing);
  for (const step of STEPS) {
    played(`the primary loses its power at step ${step} of a switchover`, 'MSS XMS SMS', () =>
      duringSwitchover(cluster, step),
    );
  }
}
