import {chmod, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {generateX25519Identity, identityToRecipient} from 'age-encryption';
import type {ExecutionContext} from 'ava';
import type {ServerFamily} from '../../../src/tasks/mysql/client.js';
import {mustRun, type Outcome, labTest as test, writeTemporary} from '../lab.js';
import {type Cluster, playbook, targetOf, verdictOf} from './cluster.js';
import {askConsole} from './console.js';
import {type DatabaseServer, sql} from './servers.js';
import {startWriters} from './writers.js';

/* What `npm test` tries with the data of a cluster whose first server is the primary: compare, seed, back up, restore. */

/** 32 768 rows, by doubling: both servers know no common way to make many at once. */
const FILL = `CREATE TABLE rig.t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(64) NOT NULL); INSERT INTO rig.t (v) VALUES ('x');${' INSERT INTO rig.t (v) SELECT SHA2(id, 256) FROM rig.t;'.repeat(15)}`;

export function testData(family: ServerFamily, clusterOf: () => Cluster): void {
  test(`${family}: a row that is changed on a replica is found, and a seed repairs it, under load`, async (t) => {
    const cluster = clusterOf();
    const [primary, replica] = cluster.servers;
    const db = (...words: readonly string[]) => cluster.project.run(['db', ...words, ...cluster.inventory]);
    await sql(primary, `TRUNCATE TABLE rig.numbers; ${FILL}`);
    const writers = startWriters(targetOf(cluster.balancer), {kept: 2, fresh: 2, pause: 20});
    succeeds(t, await db('check'));
    await alter(replica, "UPDATE rig.t SET v = 'changed' WHERE id = 20000; DELETE FROM rig.t WHERE id = 7;");
    const found = await db('check', '--format', 'json');
    t.is(found.code, 1, found.stdout + found.stderr);
    const {differences} = JSON.parse(found.stdout);
    t.like(differences, {length: 2, 0: {replica: replica.name, table: 'rig.t'}});
    t.regex(differences[0].where, /<= '7'$/);
    succeeds(t, await db('seed', replica.name, '--yes'));
    const {acknowledged, missing, doubled, foreign} = await verdictOf(await writers.end(), primary);
    t.log({acknowledged});
    t.deepEqual([missing, doubled, foreign], [[], [], []]);
    succeeds(t, await db('check'));
    succeeds(t, await planned(cluster, cluster.inventory));
  });

  test(`${family}: a replica that has lost its disk gets the data of the primary from apply`, async (t) => {
    const cluster = clusterOf();
    const [primary, , lost] = cluster.servers;
    await mustRun(['lab', 'reset', lost.name]);
    const plan = await planned(cluster, cluster.inventory);
    t.regex(plan.stdout, new RegExp(`mysqlSeedReceive from ${primary.name}`));
    succeeds(t, await cluster.project.run(['apply', '--yes', ...cluster.inventory]));
    t.is(await sql(lost, 'SELECT COUNT(*) FROM rig.t;'), '32768\n');
    succeeds(t, await planned(cluster, cluster.inventory));
  });

  test(`${family}: a replica backs up to another host, and a restore from it is tried`, async (t) => {
    const cluster = clusterOf();
    const [, replica] = cluster.servers;
    const key = await generateX25519Identity();
    const identity = await writeTemporary('identity.txt', `${key}\n`);
    await chmod(identity, 0o600);
    const play = backupPlay(cluster, await identityToRecipient(key));
    await writeFile(path.join(cluster.project.directory, 'backup.ts'), playbook(play));
    const args = [...cluster.hosts, '--playbook', 'backup.ts'];
    const infra = (...words: readonly string[]) => cluster.project.run([...words, ...args]);
    succeeds(t, await infra('apply', '--yes'));
    succeeds(t, await infra('db', 'backup', '--yes'));
    succeeds(t, await infra('db', 'restore', '--to', replica.name, '--verify', '--yes', '--identity', identity));
    const tried = await askConsole(replica.name, 'cat /var/lib/infra/database/restore.json');
    t.regex(tried, /"result": "ok"/);
    t.regex((await infra('db', 'backup', '--list')).stdout, /tried .*: ok/);
    succeeds(t, await planned(cluster, args));
  });
}

/** Past what replication writes: with MySQL a replica is read-only for root too. */
function alter(server: DatabaseServer, statements: string): Promise<string> {
  const open = (value: string) => (server.family === 'mysql' ? `SET GLOBAL super_read_only = ${value};` : '');
  return sql(server, `SET SESSION sql_log_bin = 0; ${open('OFF')} ${statements} ${open('ON')}`);
}

const planned = ({project}: Cluster, args: readonly string[]) => project.run(['plan', '--detailed-exitcode', ...args]);

function succeeds(t: ExecutionContext, {code, stdout, stderr}: Outcome): void {
  t.is(code, 0, stdout + stderr);
}

const backupPlay = ({family, balancer}: Cluster, recipient: string) =>
  `play('backup', {hosts: 'db:lb', needs: ['database health']}, [
      databaseBackup({
        family: '${family}', recipients: ['${recipient}'], to: {host: '${balancer.name}', key: secret('backup/ssh')},
        binaryLogs: true,
      }),
    ]),`;
