import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {type Play, playScenario} from '../support/database/play-scenario.js';
import {nothingLost} from '../support/database/rounds.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * Scenarios over time that change roles more than once before all is well again, under load, with 20 ms between the
 * servers and semi-synchronous replication.
 */

/** A lone survivor: that no other server has acknowledged anything in the meantime is what the operator knows. */
const accepting: Play = {
  operate: (project, args) => project.run(args.includes('failover') ? [...args, '--accept-loss'] : args),
};

const SCENARIOS: readonly (readonly [title: string, text: string, play?: Play])[] = [
  ['one after the other is lost, and all come back to the lone survivor', 'MSS XMS XXM SXM SSM', accepting],
  ['the primary dies, nobody does anything, and it comes back', 'MSS XSS MSS'],
  ['the primary and a replica die, nobody does anything, and they come back', 'MSS XXS MSS'],
  ['two replicas die, and come back one after the other', 'MSS MXX MSX MSS'],
  ['switchover, the old primary dies, switchover again', 'MSS SMS XSM SSM'],
  ['a replica dies, switchover, the new primary dies', 'MSS MSX SMX SMS SXM SSM'],
  ['all die after a switchover', 'MSS SMS XXX SMS'],
  ['all die while the old primary is away after a failover', 'MSS XMS XXX XMS SMS'],
];

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  for (const [title, text, play] of SCENARIOS) {
    test(`${family}: ${title}: ${text}`, async (t) => {
      nothingLost(t, await playScenario(cluster, text, {...play, log: (line) => t.log(line)}));
    });
  }
}
