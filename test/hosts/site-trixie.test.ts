import {askHost, mustRun, labTest as test} from '../support/lab.js';
import {fetchMany, nothingToDo, serversOf, testSite} from '../support/site.js';
import {announced, applied, tasksOf} from '../support/truth.js';

const site = testSite({suite: 'trixie', first: 141});
const {balancer, primary, replica} = site;
const CLIENT = '$(command -v mariadb || command -v mysql)';

test('a web server that stops is left out, and every request still succeeds', async (t) => {
  await askHost(primary, 'systemctl stop nginx');
  const answers = await fetchMany(site.address, 60, 50);
  t.deepEqual(
    answers.filter(({status}) => status !== 200),
    [],
  );
  t.deepEqual(serversOf(answers.slice(-20)), [replica]);
  await mustRun(['apply', '--yes', ...site.inventory()]);
});

/** What is broken, on which host, and what a plan must announce then: this and nothing else. */
type Drift = readonly [title: string, host: string, breaking: string, announced: string];

/** What has nothing to do with each other is broken at once. */
const DRIFT: readonly (readonly Drift[])[] = [
  [
    ['a byte of haproxy.cfg', balancer, 'echo "# x" >> /etc/haproxy/haproxy.cfg', 'template /etc/haproxy/haproxy.cfg'],
    [
      'the owner of the site',
      primary,
      'chown nobody /etc/nginx/sites-available/site',
      'template /etc/nginx/sites-available/site',
    ],
    ['the replica open to writes', replica, `echo 'SET GLOBAL read_only = OFF' | ${CLIENT}`, 'mysqlReadOnly on'],
  ],
  [
    ['the mode of haproxy.cfg', balancer, 'chmod 0666 /etc/haproxy/haproxy.cfg', 'template /etc/haproxy/haproxy.cfg'],
    ['nginx stopped', primary, 'systemctl stop nginx', 'service nginx'],
    ['the replication stopped', replica, `echo 'STOP REPLICA' | ${CLIENT}`, 'mysqlReplica'],
  ],
  [
    ['haproxy.cfg gone', balancer, 'rm /etc/haproxy/haproxy.cfg', 'template /etc/haproxy/haproxy.cfg'],
    [
      'a file of the application gone',
      primary,
      'rm /usr/local/lib/guestbook/page.phtml',
      'file /usr/local/lib/guestbook/page.phtml',
    ],
    [
      'the database option file cut',
      replica,
      'truncate -s 10 /etc/mysql/mariadb.conf.d/60-infra.cnf',
      'template /etc/mysql/',
    ],
  ],
  [
    ['haproxy stopped and disabled', balancer, 'systemctl disable --now haproxy', 'service haproxy'],
    ['the application user dropped', primary, accounts('app', 'DROP USER'), 'mysqlUser app'],
    ['nginx disabled', replica, 'systemctl disable nginx', 'service nginx'],
  ],
  [
    ['haproxy masked', balancer, 'systemctl mask --now haproxy', 'service haproxy'],
    ['more privileges than desired', primary, accounts('app', 'GRANT ALL ON *.* TO'), 'mysqlUser app'],
    ['the page for failures empty', replica, ': > /var/www/site/502.html', 'template /var/www/site/502.html'],
  ],
  [
    ['haproxy killed for good', balancer, 'systemctl kill -s KILL haproxy; systemctl stop haproxy', 'service haproxy'],
    ['the password changed', primary, accounts('app', 'SET PASSWORD FOR', " = PASSWORD('other')"), 'mysqlUser app'],
    [
      'the link of the site turned',
      replica,
      'ln -sfn /dev/null /etc/nginx/sites-enabled/site',
      'symlink /etc/nginx/sites-enabled/site',
    ],
  ],
  [
    ['the name of the database gone', primary, "sed -i '/ db.www/d' /etc/hosts", 'block /etc/hosts'],
    [
      'the credentials open to all',
      replica,
      'chmod 0644 /etc/infra/database/client.cnf',
      'template /etc/infra/database',
    ],
    ['the application stopped', primary, 'systemctl stop guestbook', 'service guestbook'],
  ],
  [
    ['the database dropped', primary, `echo 'DROP DATABASE app' | ${CLIENT}`, 'mysqlDatabase app'],
    ['its table to be made again', replica, 'rm /var/lib/guestbook/migrated', 'command make the table'],
    ['the directory of the page open to all', replica, 'chmod 0777 /var/www/site', 'directory /var/www/site'],
    [
      "Debian's default site back",
      primary,
      'ln -sfn /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default',
      'symlink /etc/nginx/sites-enabled/default',
    ],
  ],
];

for (const drifts of DRIFT) {
  const titles = drifts.map(([title]) => title);
  test(`drift is planned and fixed, and nothing else: ${titles.join(', ')}`, async (t) => {
    for (const [, host, breaking] of drifts) await askHost(host, breaking);
    const plan = await announced(site.inventory());
    const done = await applied(site.inventory());
    t.deepEqual([...done].sort(), [...plan.certain].sort());
    const fixed = tasksOf(done);
    t.is(fixed.length, drifts.length, done.join());
    for (const [title, host, , name] of drifts)
      t.is(fixed.filter((task) => task.startsWith(`${host} ${name}`)).length, 1, `${title}: ${done.join()}`);
    await nothingToDo(t, site);
  });
}

test('what a check of the site left when it was killed is gone after the next one', async (t) => {
  await askHost(primary, 'mkdir /run/infra-nginx; touch /run/infra-nginx/x /etc/nginx/.infra-nginx');
  await askHost(primary, 'echo "# x" >> /etc/nginx/sites-available/site');
  await mustRun(['apply', '--yes', ...site.inventory()]);
  t.is(await askHost(primary, 'ls -d /run/infra-nginx /etc/nginx/.infra-nginx 2>/dev/null || :'), '');
});

test('after a reboot of all hosts the site is back and nothing is left to do', async (t) => {
  await mustRun(['lab', 'reboot', balancer, primary, replica]);
  await nothingToDo(t, site);
  t.deepEqual(serversOf(await fetchMany(site.address, 6)), [primary, replica]);
});

/** A statement for each account of a user. */
function accounts(user: string, statement: string, end = ''): string {
  const name = `CHAR(39), User, CHAR(39), CHAR(64), CHAR(39), Host, CHAR(39)`;
  const select = `SELECT CONCAT("${statement} ", ${name}, "${end};") FROM mysql.user WHERE User = '${user}';`;
  return `${CLIENT} -N <<'E' | ${CLIENT}\n${select}\nE`;
}
