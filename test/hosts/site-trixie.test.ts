import {askHost, infra, mustRun, labTest as test} from '../support/lab.js';
import {fetchMany, listed, nothingToDo, serversOf, testSite} from '../support/site.js';

const site = testSite({suite: 'trixie', first: 141});
const {balancer, primary, replica} = site;
const CLIENT = '$(command -v mariadb || command -v mysql)';

test('a web server that stops is left out, and every request still succeeds', async (t) => {
  await askHost(primary, 'systemctl stop nginx');
  const answers = await fetchMany(site.url, 60, 50);
  t.deepEqual(
    answers.filter(({status}) => status !== 200),
    [],
  );
  t.deepEqual(serversOf(answers.slice(-20)), [replica]);
  await mustRun(['apply', '--yes', ...site.inventory()]);
});

/** What is broken, on which host, and what a plan must list then: this and nothing else. */
const DRIFT: readonly [string, string, () => string, readonly string[]][] = [
  [
    'a byte of haproxy.cfg',
    'lb',
    () => 'echo "# x" >> /etc/haproxy/haproxy.cfg',
    ['template /etc/haproxy/haproxy.cfg'],
  ],
  ['the mode of haproxy.cfg', 'lb', () => 'chmod 0666 /etc/haproxy/haproxy.cfg', ['template /etc/haproxy/haproxy.cfg']],
  ['haproxy stopped and disabled', 'lb', () => 'systemctl disable --now haproxy', ['service haproxy']],
  ['nginx stopped and disabled', 'two', () => 'systemctl disable --now nginx', ['service nginx']],
  ['the application user dropped', 'one', () => dropAccounts('app'), ['mysqlUser app']],
  ['the replica forgotten', 'two', () => `echo 'STOP REPLICA; RESET REPLICA ALL' | ${CLIENT}`, ['mysqlReplica']],
  ['the replication stopped', 'two', () => `echo 'STOP REPLICA' | ${CLIENT}`, ['mysqlReplica']],
];

for (const [title, host, breaking, expected] of DRIFT) {
  test(`drift is planned and mended, and nothing else: ${title}`, async (t) => {
    await askHost({lb: balancer, one: primary, two: replica}[host] ?? host, breaking());
    const plan = await infra(['plan', '--detailed-exitcode', ...site.inventory()]);
    t.is(plan.code, 2, plan.stdout + plan.stderr);
    const names = listed(plan);
    t.true(names.length > 0 && names.every((name) => expected.some((wanted) => name.startsWith(wanted))), plan.stdout);
    const applied = await mustRun(['apply', '--yes', ...site.inventory()]);
    t.is(applied.stdout.match(/^\S+ +changed +(?!0)/gm)?.length, names.length, applied.stdout);
    await nothingToDo(t, site);
  });
}

test('after a reboot of all hosts the site is back and nothing is left to do', async (t) => {
  await mustRun(['lab', 'reboot', balancer, primary, replica]);
  await nothingToDo(t, site);
  t.deepEqual(serversOf(await fetchMany(site.url, 6)), [primary, replica]);
});

function dropAccounts(user: string): string {
  const select = `SELECT CONCAT('DROP USER ''', User, '''@''', Host, ''';') FROM mysql.user WHERE User = '${user}'`;
  return `echo "${select}" | ${CLIENT} -N | ${CLIENT}`;
}
