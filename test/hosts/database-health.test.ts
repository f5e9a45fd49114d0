import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {placeIn} from '../support/database/cluster.js';
import {cutPower} from '../support/database/faults.js';
import {bareHosts} from '../support/hosts.js';
import {askHost, mustRun, labTest as test, writeInventory} from '../support/lab.js';
import {newProject} from '../support/project.js';

/*
 * What balancers learn of two database servers that are busy, hang, restart or lose their power. The tests build on each
 * other: at the end the replica has been promoted, and the old primary comes back.
 */

/** Hosts that are up and may be emptied, where `INFRA_TEST_DATABASE_SITE` names a directory that says which. */
const site = process.env.INFRA_TEST_DATABASE_SITE;
const {prefix, first} = (site && placeIn(site, 'mariadb')) || {prefix: 'health-', first: 126};
const [ONE, TWO, BALANCER] = [`${prefix}1`, `${prefix}2`, `${prefix}l`] as const;
const [PRIMARY, REPLICA] = [`198.18.0.${first + 1}`, `198.18.0.${first + 2}`] as const;
const HOSTS = {
  [ONE]: {address: PRIMARY, groups: ['primary', 'database']},
  [TWO]: {address: REPLICA, groups: ['replica', 'database']},
  [BALANCER]: {address: `198.18.0.${first}`, groups: ['lb']},
};

const PLAYBOOK = `import {databaseHealth, firewall, haproxy, mysqlPrimary, mysqlReplication, mysqlServer, play, playbook} from 'infra';
export default playbook('health', ({secret}) => {
  const replication = {password: secret('mysql/replicator')};
  return [
    play('firewall', {hosts: 'all'}, [firewall()]),
    play('server', {hosts: 'primary:replica'}, [mysqlServer({from: {group: 'lb'}})]),
    play('primary', {hosts: 'primary', needs: ['server']}, [mysqlPrimary({replication, databases: [{name: 'app'}]})]),
    play('replica', {hosts: 'replica', needs: ['primary']}, [mysqlReplication(replication)]),
    play('health', {hosts: 'primary:replica', needs: ['replica']}, [databaseHealth()]),
    play('balancer', {hosts: 'lb', needs: ['health']}, [
      haproxy({services: [], databases: {group: 'database', from: {group: 'lb'}}}),
    ]),
  ];
});
`;

test.before(async () => {
  if (site) await mustRun(['lab', 'reset', ...Object.keys(HOSTS)]);
  const inventory = site ? await writeInventory(HOSTS) : await bareHosts(HOSTS);
  const project = await newProject(PLAYBOOK);
  const args = ['apply', '--yes', '--inventory', inventory, '--playbook', 'site.ts'];
  const {code, stdout, stderr} = await project.run(args);
  if (code !== 0) throw new Error(stdout + stderr);
});

const sql = (statements: string) => `mariadb -N -e "${statements}"`;

/** The status and the text of an answer, as a balancer gets it. */
async function answer(address: string, path: string): Promise<string> {
  const request = `printf 'GET /${path} HTTP/1.1\\r\\n\\r\\n' | socat -T 3 - TCP:${address}:9200`;
  const reply = await askHost(BALANCER, `${request} || true`);
  return `${/^HTTP\/1.1 (\d+)/.exec(reply)?.[1]} ${reply.split('\r\n\r\n')[1]?.trim()}`;
}

/** The servers of a pool that get new connections. */
async function up(pool: 'write' | 'read'): Promise<readonly string[]> {
  const table = await askHost(BALANCER, `echo 'show stat' | socat - /run/haproxy/admin.sock`);
  const rows = table.split('\n').map((line) => line.split(','));
  const usable = rows.filter(([name, server, ...rest]) => {
    return name === `database-${pool}` && server !== 'BACKEND' && rest[15]?.startsWith('UP');
  });
  return usable.map(([, server = '']) => server);
}

async function eventually(
  t: ExecutionContext,
  seconds: number,
  ask: () => Promise<unknown>,
  wanted: unknown,
): Promise<void> {
  let found = await ask();
  for (let tries = 0; tries < seconds && JSON.stringify(found) !== JSON.stringify(wanted); tries++) {
    await sleep(1000);
    found = await ask();
  }
  t.deepEqual(found, wanted);
}

test('the primary gets writers, the replica readers', async (t) => {
  await eventually(t, 25, () => up('write'), [ONE]);
  await eventually(t, 25, () => up('read'), [TWO, `${ONE}-primary`]);
});

test('a server that hangs or has no connection left stays the primary', async (t) => {
  await askHost(ONE, 'kill -STOP $(pidof mariadbd)');
  await sleep(6000);
  const hanging = [await answer(PRIMARY, 'primary'), await up('write')];
  await askHost(ONE, 'kill -CONT $(pidof mariadbd)');
  t.regex(String(hanging[0]), /^200 primary, the server has not answered for \d+ s$/);
  t.deepEqual(hanging[1], [ONE]);

  const sleeper = '(echo "SELECT SLEEP(8);" | setsid mariadb -u nobody-special >/dev/null 2>&1 &)';
  await askHost(ONE, sql("CREATE USER 'nobody-special'@localhost; SET GLOBAL max_connections = 10"));
  await askHost(ONE, `for each in $(seq 14); do ${sleeper}; done; sleep 3; systemctl restart database-health`);
  await eventually(t, 23, () => answer(PRIMARY, 'primary'), '200 primary');
  t.deepEqual(await up('write'), [ONE]);
  await sleep(8000);
  await askHost(ONE, sql("SET GLOBAL max_connections = 200; DROP USER 'nobody-special'@localhost"));
});

test('many busy programs on the host do not make it look dead', async (t) => {
  const busy = askHost(ONE, 'for each in $(seq 30); do timeout 12 sh -c "while :; do :; done" & done; wait');
  for (let tries = 0; tries < 10; tries++) {
    t.deepEqual(await up('write'), [ONE]);
    await sleep(500);
  }
  await busy;
});

test('a restarted primary opens its writes when the replica confirms it', async (t) => {
  await askHost(ONE, 'systemctl restart mariadb');
  await eventually(t, 28, () => answer(PRIMARY, 'primary'), '200 primary');
  t.is((await askHost(ONE, sql('SELECT @@read_only'))).trim(), '0');
});

test('one that was made read-only by hand stays so', async (t) => {
  await askHost(ONE, sql('SET GLOBAL read_only = ON'));
  await eventually(t, 25, () => answer(PRIMARY, 'primary'), '503 it is read-only: it was made read-only while it ran');
  await sleep(3000);
  t.is((await askHost(ONE, sql('SELECT @@read_only'))).trim(), '1');
  await askHost(ONE, sql('SET GLOBAL read_only = OFF'));
  await eventually(t, 25, () => up('write'), [ONE]);
});

test('while the primary has no power, the replica serves what it has, and says so', async (t) => {
  await cutPower({name: ONE, address: PRIMARY, family: 'mariadb'});
  await eventually(t, 30, () => up('write'), []);
  await sleep(40_000);
  t.regex(await answer(REPLICA, 'replica'), /^200 stale: its primary was reached \d+ s ago$/);
  t.deepEqual(await up('read'), [TWO]);
});

test('the old primary comes back read-only after its replica was promoted', async (t) => {
  await askHost(TWO, sql('STOP REPLICA; RESET REPLICA ALL; SET GLOBAL read_only = OFF'));
  await eventually(t, 25, () => up('write'), [TWO]);
  await mustRun(['lab', 'reboot', ONE]);
  for (let tries = 0; tries < 15; tries++) {
    t.deepEqual(await up('write'), [TWO]);
    await sleep(500);
  }
  await eventually(t, 30, () => answer(PRIMARY, 'primary'), `503 it is read-only: ${TWO} is the primary`);
});

test('of two that take writes, the one that was promoted later stays', async (t) => {
  await askHost(ONE, sql('SET GLOBAL read_only = OFF'));
  const reason = `503 it is read-only: ${TWO} takes writes too, and was promoted later`;
  await eventually(t, 28, () => answer(PRIMARY, 'primary'), reason);
  t.is((await askHost(ONE, sql('SELECT @@read_only'))).trim(), '1');
  t.deepEqual(await up('write'), [TWO]);
});
