import {cp, mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {killedAfter, restorePower} from '../support/database/faults.js';
import {type Play, playScenario} from '../support/database/play-scenario.js';
import {playScene, type Scene} from '../support/database/play-scene.js';
import {failovers, nothingLost, ROUNDS, switchovers} from '../support/database/rounds.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';
import {projectIn} from '../support/project.js';

/*
 * Runs of infra that meet: two operations at once, an apply at the same time; and runs that are killed at any moment, also
 * between two steps.
 */

const within = (most: number) => Math.round(Math.random() * most);

/** Milliseconds in which an operation has done most of its work. */
const LASTS = 12_000;

/** A run that met another one is done again, as its message says. */
async function again({mustDb, log}: Scene, what: string, code: number | null, words: readonly string[], said: string) {
  log(`${what}: exit ${code}: ${said.trim().split('\n').slice(0, 3).join(' | ')}`);
  if (code !== 0 && !/is the primary already/.test(said)) await mustDb(...words);
}

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  const killing = (log: (line: string) => void): Play => ({
    log,
    operate: (project, args) => {
      const moment = within(LASTS);
      log(`${args[1]} ${args[2]} is killed after ${moment} ms`);
      return killedAfter(project, args, moment);
    },
  });

  test(`${family}: switchovers that are killed at any moment`, async (t) => {
    nothingLost(
      t,
      await playScenario(
        cluster,
        switchovers(ROUNDS),
        killing((line) => t.log(line)),
      ),
    );
  });

  test(`${family}: failovers and rejoins that are killed at any moment`, async (t) => {
    nothingLost(
      t,
      await playScenario(
        cluster,
        failovers(ROUNDS),
        killing((line) => t.log(line)),
      ),
    );
  });

  test(`${family}: a seed that is killed at any moment`, async (t) => {
    await playScene(t, cluster, 'MSS', async ({cluster: {servers, project, inventory}, log, fault}) => {
      const moment = within(3 * LASTS);
      log(`killed after ${moment} ms`);
      const args = ['db', 'seed', servers[1].name, '--yes', ...inventory];
      const {code, stdout, stderr} = await killedAfter(project, args, moment);
      if (code !== 0) fault(`seed: exit ${code}\n${stdout}${stderr}`);
    });
  });

  test(`${family}: two switchovers at once from two directories`, async (t) => {
    await playScene(t, cluster, 'SMS', async (scene) => {
      const {project, inventory, servers} = scene.cluster;
      const copy = await mkdtemp(path.join(tmpdir(), 'infra-test-'));
      await cp(project.directory, copy, {recursive: true});
      const words = ['switchover', servers[1].name];
      const other = sleep(within(4000)).then(() => projectIn(copy).run(['db', ...words, '--yes', ...inventory]));
      const [one, two] = await Promise.all([scene.db(...words), other]);
      if (one.code !== 0 && two.code !== 0) scene.log('neither has ended well');
      await again(scene, 'the first', one.code, words, one.stdout + one.stderr);
      await again(scene, 'the second', two.code, words, two.stdout + two.stderr);
    });
  });

  test(`${family}: an apply and a switchover at once`, async (t) => {
    await playScene(t, cluster, 'SMS', async (scene) => {
      const {project, inventory, servers} = scene.cluster;
      const words = ['switchover', servers[1].name];
      const apply = project.run(['apply', '--yes', ...inventory]);
      const [{code, stdout, stderr}, applied] = await Promise.all([
        sleep(within(6000)).then(() => scene.db(...words)),
        apply,
      ]);
      scene.log(`apply: exit ${applied.code}: ${(applied.stdout + applied.stderr).trim().split('\n').at(-1)}`);
      await again(scene, 'switchover', code, words, stdout + stderr);
    });
  });

  test(`${family}: the primary is booted again by hand during a switchover`, async (t) => {
    await playScene(t, cluster, 'SMS', async (scene) => {
      const [primary, second] = scene.cluster.servers;
      const words = ['switchover', second.name];
      const moment = within(LASTS);
      const boot = async () => {
        await sleep(moment);
        await restorePower(primary, scene.network);
      };
      const [{code, stdout, stderr}] = await Promise.all([scene.db(...words), boot()]);
      await sleep(10_000);
      await again(scene, `booted after ${moment} ms, switchover`, code, words, stdout + stderr);
      const {stderr: said} = await scene.db('rejoin', primary.name);
      scene.log(said.trim());
    });
  });
}
