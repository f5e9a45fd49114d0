import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {cutOff} from '../../src/lab/hosts/boot.js';
import {labPaths} from '../../src/lab/lab.js';
import {run} from '../../src/lab/machine/run.js';
import {bareHosts} from '../support/hosts.js';
import {askHost, mustRun, labTest as test} from '../support/lab.js';
import {newProject} from '../support/project.js';

/*
 * What balancers learn of two database servers that are busy, hang, restart or lose their power. The tests build on each
 * other: at the end the replica has been promoted, and the old primary comes back.
 */

const PRIMARY = '198.18.0.174';
const REPLICA = '198.18.0.175';
const HOSTS = {
  'health-1': {address: PRIMARY, groups: ['primary']},
  'health-2': {address: REPLICA, groups: ['replica']},
  'health-lb': {address: '198.18.0.179', groups: ['lb']},
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
  const groups = ['database'];
  const hosts = Object.entries(HOSTS).map(([name, host]) => {
    return [name, name === 'health-lb' ? host : {...host, groups: [...host.groups, ...groups]}] as const;
  });
  const inventory = await bareHosts(Object.fromEntries(hosts));
  const project = await newProject(PLAYBOOK);
  const {code, stdout, stderr} = await project.run([
    'apply',
    '--yes',
    '--inventory',
    inventory,
    '--playbook',
    'site.ts',
  ]);
  if (code !== 0) throw new Error(stdout + stderr);
  for (const host of ['health-1', 'health-2']) {
    await askHost(host, `printf '[mariadbd]\\nread_only = ON\\n' >/etc/mysql/mariadb.conf.d/61-closed.cnf`);
  }
  // The replica notices soon that its primary is gone.
  await askHost('health-2', sql('STOP REPLICA; SET GLOBAL slave_net_timeout = 4; START REPLICA'));
});

const sql = (statements: string) => `mariadb -N -e "${statements}"`;

/** The status and the text of an answer, as a balancer gets it. */
async function answer(address: string, path: string): Promise<string> {
  const request = `printf 'GET /${path} HTTP/1.1\\r\\n\\r\\n' | socat -T 3 - TCP:${address}:9200`;
  const reply = await askHost('health-lb', `${request} || true`);
  return `${/^HTTP\/1.1 (\d+)/.exec(reply)?.[1]} ${reply.split('\r\n\r\n')[1]?.trim()}`;
}

/** The servers of a pool that get new connections. */
async function up(pool: 'write' | 'read'): Promise<readonly string[]> {
  const table = await askHost('health-lb', `echo 'show stat' | socat - /run/haproxy/admin.sock`);
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
  await eventually(t, 5, () => up('write'), ['health-1']);
  await eventually(t, 5, () => up('read'), ['health-2', 'health-1-primary']);
});

test('a server that hangs or has no connection left stays the primary', async (t) => {
  await askHost('health-1', 'kill -STOP $(pidof mariadbd)');
  await sleep(6000);
  const hanging = [await answer(PRIMARY, 'primary'), await up('write')];
  await askHost('health-1', 'kill -CONT $(pidof mariadbd)');
  t.regex(String(hanging[0]), /^200 primary, the server has not answered for \d s$/);
  t.deepEqual(hanging[1], ['health-1']);

  const sleeper = '(echo "SELECT SLEEP(8);" | setsid mariadb -u nobody-special >/dev/null 2>&1 &)';
  await askHost('health-1', sql("CREATE USER 'nobody-special'@localhost; SET GLOBAL max_connections = 10"));
  await askHost('health-1', `for each in $(seq 14); do ${sleeper}; done; sleep 3; systemctl restart database-health`);
  await eventually(t, 3, () => answer(PRIMARY, 'primary'), '200 primary');
  t.deepEqual(await up('write'), ['health-1']);
  await sleep(8000);
  await askHost('health-1', sql("SET GLOBAL max_connections = 200; DROP USER 'nobody-special'@localhost"));
});

test('many busy programs on the host do not make it look dead', async (t) => {
  const busy = askHost('health-1', 'for each in $(seq 30); do timeout 12 sh -c "while :; do :; done" & done; wait');
  for (let tries = 0; tries < 10; tries++) {
    t.deepEqual(await up('write'), ['health-1']);
    await sleep(500);
  }
  await busy;
});

test('a restarted primary opens its writes when the replica confirms it', async (t) => {
  await askHost('health-1', 'systemctl restart mariadb');
  await eventually(t, 8, () => answer(PRIMARY, 'primary'), '200 primary');
  t.is((await askHost('health-1', sql('SELECT @@read_only'))).trim(), '0');
});

test('one that was made read-only by hand stays so', async (t) => {
  await askHost('health-1', sql('SET GLOBAL read_only = ON'));
  await eventually(t, 5, () => answer(PRIMARY, 'primary'), '503 it is read-only: it was made read-only while it ran');
  await sleep(3000);
  t.is((await askHost('health-1', sql('SELECT @@read_only'))).trim(), '1');
  await askHost('health-1', sql('SET GLOBAL read_only = OFF'));
  await eventually(t, 5, () => up('write'), ['health-1']);
});

// The link first: a power cut leaves no process the time to say goodbye.
test('while the primary has no power, the replica serves what it has, and says so', async (t) => {
  await run('ip', ['link', 'set', 'vb-health-1', 'down']);
  await cutOff(labPaths(process.cwd(), process.env), 'health-1');
  await eventually(t, 10, () => up('write'), []);
  await sleep(40_000);
  t.regex(await answer(REPLICA, 'replica'), /^200 stale: its primary was reached \d+ s ago$/);
  t.deepEqual(await up('read'), ['health-2']);
});

test('the old primary comes back read-only after its replica was promoted', async (t) => {
  await askHost('health-2', sql('STOP REPLICA; RESET REPLICA ALL; SET GLOBAL read_only = OFF'));
  await eventually(t, 5, () => up('write'), ['health-2']);
  await mustRun(['lab', 'reboot', 'health-1']);
  for (let tries = 0; tries < 15; tries++) {
    t.deepEqual(await up('write'), ['health-2']);
    await sleep(500);
  }
  await eventually(t, 10, () => answer(PRIMARY, 'primary'), '503 it is read-only: health-2 is the primary');
});

test('of two that take writes, the one that was promoted later stays', async (t) => {
  await askHost('health-1', sql('SET GLOBAL read_only = OFF'));
  const reason = '503 it is read-only: health-2 takes writes too, and was promoted later';
  await eventually(t, 8, () => answer(PRIMARY, 'primary'), reason);
  t.is((await askHost('health-1', sql('SELECT @@read_only'))).trim(), '1');
  t.deepEqual(await up('write'), ['health-2']);
});
