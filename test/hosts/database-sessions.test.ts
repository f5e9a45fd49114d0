import {setTimeout as sleep} from 'node:timers/promises';
import type {ServerFamily} from '../../src/tasks/mysql/client.js';
import {type Cluster, openCluster} from '../support/database/cluster.js';
import {cutPower} from '../support/database/faults.js';
import {playScene, type Scene} from '../support/database/play-scene.js';
import {sql} from '../support/database/servers.js';
import {openSession, prepareSessions} from '../support/database/sessions.js';
import {bareHosts} from '../support/hosts.js';
import {labTest as test} from '../support/lab.js';

/*
 * What clients hold while roles change: locks, long and large transactions, changes of tables. Each ends with the client
 * or before it; none keeps the roles from changing or leaves a row on one server alone.
 */

/** What a client holds on the primary before the operation. It gets an answer before the next one. */
const HELD: Readonly<Record<string, readonly string[]>> = {
  'a table is locked for writing': ['LOCK TABLES rig.large WRITE'],
  'a table is locked for reading, and another one is written': ['LOCK TABLES rig.large READ, rig.numbers WRITE'],
  'all tables are locked for reading': ['FLUSH TABLES WITH READ LOCK'],
  'a transaction has changed every row of a table': ['BEGIN', 'UPDATE rig.large SET text = REVERSE(text)'],
  'a transaction has only read': ['START TRANSACTION WITH CONSISTENT SNAPSHOT', 'SELECT COUNT(*) FROM rig.large'],
};

/** What a client asks for just before the operation, which takes longer than its first steps. */
const RUNNING: Readonly<Record<string, string>> = {
  'a statement changes 100,000 rows': "UPDATE rig.large SET text = CONCAT(REVERSE(text), 'y')",
  'a table gets a column and an index':
    'ALTER TABLE rig.large ADD COLUMN more CHAR(80) NOT NULL DEFAULT "", ADD KEY (text), FORCE',
  'a statement sleeps': 'SELECT SLEEP(300)',
};

for (const family of ['mariadb', 'mysql'] as const) testFamily(family);

function testFamily(family: ServerFamily): void {
  let cluster: Cluster;
  const prepare = ({servers: [primary]}: Cluster) => prepareSessions(primary);

  test.before(async () => {
    cluster = await openCluster(family, bareHosts);
  });

  for (const [title, statements] of Object.entries(HELD)) {
    test(`${family}: switchover while ${title}`, async (t) => {
      const act = async ({cluster: {servers}, mustDb, log}: Scene) => {
        const session = await openSession(servers[0]);
        for (const statement of statements) await session.ask(statement);
        await mustDb('switchover', servers[1].name);
        log(`then: ${await session.ask('INSERT INTO rig.numbers (id) VALUES (-1)')}, ${await session.ask('COMMIT')}`);
        session.end();
      };
      await playScene(t, cluster, 'SMS', act, {prepare});
    });
  }

  for (const [title, statement] of Object.entries(RUNNING)) {
    test(`${family}: switchover while ${title}`, async (t) => {
      const act = async ({cluster: {servers}, mustDb, log}: Scene) => {
        const session = await openSession(servers[0]);
        const answer = session.ask(statement);
        await sleep(300);
        await mustDb('switchover', servers[1].name);
        log(`then: ${await answer}`);
      };
      await playScene(t, cluster, 'SMS', act, {prepare});
    });

    test(`${family}: failover while ${title}`, async (t) => {
      const act = async ({cluster: {servers}, network, mustDb}: Scene) => {
        const session = await openSession(servers[0]);
        session.ask(statement);
        await sleep(1500);
        await cutPower(servers[0], network);
        session.end();
        await mustDb('failover', servers[1].name);
      };
      await playScene(t, cluster, 'XMS', act, {prepare});
    });
  }

  test(`${family}: a prepared transaction of XA is still there after a switchover`, async (t) => {
    const act = async ({cluster: {servers}, mustDb, fault, log}: Scene) => {
      const session = await openSession(servers[0]);
      for (const statement of [
        "XA START 'rig'",
        'INSERT INTO rig.large (id, text) VALUES (-1, "")',
        "XA END 'rig'",
        "XA PREPARE 'rig'",
      ]) {
        log(`${statement}: ${await session.ask(statement)}`);
      }
      session.end();
      await sleep(1000);
      await mustDb('switchover', servers[1].name);
      const prepared = await sql(servers[1], 'XA RECOVER;');
      if (!prepared.includes('rig')) fault('the new primary lacks the prepared transaction');
      await sql(servers[1], "XA COMMIT 'rig';");
      await sleep(1000);
      for (const server of servers) {
        const count = await sql(server, 'SELECT COUNT(*) FROM rig.large WHERE id = -1;');
        if (count.trim() !== '1') fault(`${server.name} lacks the row`);
      }
    };
    await playScene(t, cluster, 'SMS', act, {prepare});
  });

  test(`${family}: an event goes on at the new primary, and nowhere else`, async (t) => {
    const act = async ({cluster: {servers}, mustDb, fault}: Scene) => {
      const [first, second] = servers;
      await sql(
        first,
        `CREATE EVENT rig.tick ON SCHEDULE EVERY 1 SECOND DO INSERT INTO rig.probes (server) VALUES (CONCAT('event ', @@hostname));`,
      );
      for (const server of servers) await sql(server, 'SET GLOBAL event_scheduler = ON;');
      await sleep(2500);
      await mustDb('switchover', second.name);
      const began = (await sql(second, 'SELECT NOW(6);')).trim();
      await sleep(4000);
      const count = async (name: string) =>
        Number(
          await sql(second, `SELECT COUNT(*) FROM rig.probes WHERE server = 'event ${name}' AND at > '${began}';`),
        );
      if ((await count(second.name)) < 2) fault('the event does not run at the new primary');
      if ((await count(first.name)) > 0) fault('the event still runs at the old primary');
    };
    await playScene(t, cluster, 'SMS', act, {prepare});
  });
}
