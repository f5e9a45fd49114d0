import {setTimeout as sleep} from 'node:timers/promises';
import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster, targetOf} from '../support/database/cluster.js';
import {askConsole} from '../support/database/console.js';
import {DELAY, startControl} from '../support/database/control.js';
import {freeze} from '../support/database/faults.js';
import {CONTROLLER, type DelayedNetwork} from '../support/database/network.js';
import {CLIENT, rowsOf, sql, stateOf, trySql, until} from '../support/database/servers.js';
import {startWriters} from '../support/database/writers.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/* Proves the rig for tests of database operations: the delay is there, and cuts cut. */

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;
  let network: DelayedNetwork | undefined;

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  const begin = async () => {
    await network?.end();
    network = await startControl(cluster);
    return network;
  };

  test(`${family}: each statement to another server takes ${2 * DELAY} ms more`, async (t) => {
    await begin();
    const [primary, replica] = cluster.servers;
    const client = family === 'mariadb' ? 'mariadb --ssl' : 'mysql --ssl-mode=REQUIRED';
    const [before = 0, after = 0] = (
      await askConsole(
        replica.name,
        `umask 077; printf '[client]\\nuser=${CLIENT.user}\\npassword=${CLIENT.password}\\n' >/root/rig.cnf
ask() { for i in $1; do echo 'DO 1;'; done | ${client.replace(' ', ' --defaults-file=/root/rig.cnf ')} -h ${primary.address}; }
ask 1; a=$(date +%s%3N); ask '1 2'; b=$(date +%s%3N); ask '1 2 3 4 5 6 7 8 9 10 11 12'; c=$(date +%s%3N)
echo $((b - a)) $((c - b))`,
      )
    )
      .split(' ')
      .map(Number);
    const each = (after - before) / 10;
    t.log(`${each} ms a statement`);
    t.true(each >= 2 * DELAY && each < 4 * DELAY, `${each} ms`);
  });

  test(`${family}: a cut cable is silent, and carries again when it is healed`, async (t) => {
    const [primary, replica, other] = cluster.servers;
    const cables = await begin();
    await cables.cut(primary, replica);
    await sql(primary, 'INSERT INTO rig.numbers (id) VALUES (-1);');
    await until('the other replica has the row', async () => (await rowsOf(other)).has(-1));
    await sleep(1000);
    t.false((await rowsOf(replica)).has(-1));
    t.is((await stateOf(replica))?.replica?.io, 'Yes', 'it has not noticed');
    await cables.heal();
    await until('the row arrives', async () => (await rowsOf(replica)).has(-1));

    await cables.cut(CONTROLLER, primary);
    const lonely = startWriters(targetOf(primary), {kept: 1, fresh: 0});
    await sleep(1000);
    t.is(lonely.acknowledged(), 0);
    await cables.heal();
    await until('the controller reaches it again', async () => lonely.acknowledged() > 0);
    await lonely.end();
  });

  test(`${family}: a stopped server answers nothing, and a read-only one refuses`, async (t) => {
    const [primary, replica] = cluster.servers;
    t.regex(await trySql(replica, 'SELECT @@global.read_only;'), /1/);
    await freeze(primary);
    t.is(await stateOf(primary), undefined);
  });

  test.after.always(async () => {
    await network?.end();
  });
}
