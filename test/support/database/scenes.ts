import type {ServerFamily} from '../../../src/tasks/mysql/client.js';
import {bareHosts} from '../hosts.js';
import {labTest as test} from '../lab.js';
import {type Cluster, openCluster} from './cluster.js';
import {playControl} from './control.js';
import {testData} from './data-scenes.js';
import {zombie} from './deaths.js';
import {kill, killedAtStep} from './faults.js';
import {type Play, playScenario} from './play-scenario.js';
import {nothingFailed, nothingLost} from './rounds.js';

/**
 * What `npm test` tries with three servers of a family and a balancer, one after the other: each operation under load,
 * with 20 ms between the servers. The long versions are in files of their own.
 */
export function testDatabase(family: ServerFamily): void {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  test(`${family}: asynchronous replication loses acknowledged rows`, async (t) => {
    const verdict = await playControl(t, cluster, 'off');
    t.true(verdict.missing.length > 0, 'the control run must lose rows, or the other runs prove nothing');
    t.deepEqual([verdict.doubled, verdict.refusedButThere, verdict.foreign], [[], [], []]);
  });

  test(`${family}: semi-synchronous replication loses none`, async (t) => {
    const verdict = await playControl(t, cluster, 'on');
    t.deepEqual([verdict.missing, verdict.doubled, verdict.refusedButThere, verdict.foreign], [[], [], [], []]);
  });

  test(`${family}: switchovers, one of them while a replica is away`, async (t) => {
    const played = await playScenario(cluster, 'MSS SMS SMX MSX MSS', {log: (line) => t.log(line)});
    nothingLost(t, played);
    nothingFailed(t, played);
  });

  const plays = (title: string, scenario: string, play: Play) =>
    test(`${family}: ${title}`, async (t) => {
      nothingLost(t, await playScenario(cluster, scenario, {...play, fresh: false, log: (line) => t.log(line)}));
    });

  plays('failovers after a power cut; infra is killed while it promotes a server', 'MSS XMS SMS SXM SSM', {
    operate: killingAt('failover', 5),
  });
  plays('a primary that hangs is replaced, and wakes', 'SSM MSX MSS', zombie());
  plays('a primary that is killed takes writes again by itself', 'MSS MSS', {
    disturb: ({servers: [primary]}) => kill(primary),
  });

  testData(family, () => cluster);
}

/** Kills infra as it begins that step of an operation, and runs it again. */
function killingAt(operation: string, step: number): NonNullable<Play['operate']> {
  return (project, args) => (args.includes(operation) ? killedAtStep(project, args, step) : project.run(args));
}
