import {bareHosts} from '../support/hosts.js';
import {askHost, type TestHost, labTest as test, writeInventory} from '../support/lab.js';
import {newProject, type Project} from '../support/project.js';

const FAMILIES = [
  {family: 'mariadb', suite: 'trixie', first: 120},
  {family: 'mysql', suite: 'sid', first: 123},
] as const;

const playbook = (family: string) => `import {mysqlPrimary, mysqlReplication, mysqlServer, play, playbook} from 'infra';
export default playbook('site', async ({secret, authority}) => {
  const replicator = {user: 'replicator', password: secret('mysql/replicator')};
  return [
    play('database', {hosts: 'db'}, [mysqlServer({family: '${family}', from: {group: 'db'}, tls: {certificate: await authority()}})]),
    play('primary', {hosts: 'primary', needs: ['database']}, [
      mysqlPrimary({replication: replicator, tls: true, databases: [{name: 'app'}]}),
    ]),
    play('replica', {hosts: 'replica', needs: ['primary']}, [mysqlReplication({...replicator, tls: true})]),
  ];
});
`;

/** 32 768 rows, by doubling: both servers know no common way to make many at once. */
const FILL = `CREATE TABLE app.t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(64) NOT NULL); INSERT INTO app.t (v) VALUES ('x');${' INSERT INTO app.t (v) SELECT SHA2(id, 256) FROM app.t;'.repeat(15)}`;

/** Writes every tenth of a second, until the file is removed. */
const WRITE = `touch /run/writing; while [ -f /run/writing ]; do echo "UPDATE app.t SET v = SHA2(RAND(), 256) WHERE id = $(shuf -i 1-32768 -n 1);"; sleep 0.1; done`;

for (const {family, suite, first} of FAMILIES) {
  const [db1, db2, db3] = [1, 2, 3].map((number) => `seed-${suite}${number}`) as [string, string, string];
  const host = (index: number, group: string): TestHost => ({
    ...{address: `198.18.0.${first + index}`, groups: ['db', group], suite},
  });
  let project: Project;
  let inventory: readonly string[] = [];
  const infra = (...words: readonly string[]) => project.run([...words, ...inventory]);
  const sql = (name: string, text: string) => askHost(name, `${family} -BN <<'SQL'\n${text}\nSQL`);
  /** Past what replication writes: with MySQL the replica is read-only for root too. */
  const alter = (name: string, text: string) => {
    const open = (value: string) => (family === 'mysql' ? `SET GLOBAL super_read_only = ${value};` : '');
    return sql(name, `SET SESSION sql_log_bin = 0; ${open('OFF')} ${text} ${open('ON')}`);
  };

  test(`${family}: a new replica of a primary with data is not attached empty`, async (t) => {
    const all = {[db1]: host(0, 'primary'), [db2]: host(1, 'replica'), [db3]: host(2, 'replica')};
    const whole = await bareHosts(all);
    const {[db3]: _, ...two} = all;
    inventory = ['--playbook', 'site.ts', '--inventory', await writeInventory(two)];
    project = await newProject(playbook(family));
    t.is((await infra('apply', '--yes')).code, 0);
    await sql(db1, `${FILL} CREATE EVENT app.e ON SCHEDULE EVERY 1 DAY DO DELETE FROM app.t;`);
    inventory = ['--playbook', 'site.ts', '--inventory', whole];
    t.regex((await infra('plan')).stdout, new RegExp(`mysqlSeedReceive from ${db1}`));
    t.is((await infra('apply', '--yes')).code, 0);
    t.is(await sql(db3, 'SELECT COUNT(*) FROM app.t'), '32768\n');
    t.regex(await sql(db3, "SELECT status FROM information_schema.events WHERE event_name = 'e'"), /SIDE_DISABLED/);
    t.is((await infra('plan')).code, 0);
  });

  test(`${family}: replicas that hold what the primary holds are equal, also while it writes`, async (t) => {
    const writing = askHost(db1, `(${WRITE}) | ${family}`);
    const found = await infra('db', 'check');
    t.is(found.code, 0, found.stdout + found.stderr);
    await askHost(db1, 'rm /run/writing');
    await writing;
  });

  test(`${family}: a row that was changed on a replica is found with its key`, async (t) => {
    await alter(db2, "UPDATE app.t SET v = 'changed' WHERE id = 20000; DELETE FROM app.t WHERE id = 7;");
    const found = await infra('db', 'check', '--format', 'json');
    t.is(found.code, 1);
    const {differences} = JSON.parse(found.stdout);
    t.like(differences, {length: 2, 0: {replica: db2, table: 'app.t', rows: {primary: 1, replica: 0}}});
    t.regex(differences[0].where, /<= '7'$/);
    t.regex(differences[1].where, /<= '20000'$/);
  });

  test(`${family}: a seed repairs it while the primary writes`, async (t) => {
    t.regex((await infra('db', 'seed', db2, '--check')).stdout, /Everything on .* is replaced: app/);
    const writing = askHost(db1, `(${WRITE}) | ${family}`);
    const done = await infra('db', 'seed', db2, '--yes');
    await askHost(db1, 'rm /run/writing');
    await writing;
    t.is(done.code, 0, done.stdout + done.stderr);
    t.is((await infra('db', 'check')).code, 0);
    t.is((await infra('plan')).code, 0);
    t.notRegex(await askHost(db2, 'ls /var/lib'), /mysql\.(seed|before-seed)/);
  });

  test(`${family}: the account and the key of a seed do not stay`, async (t) => {
    for (const name of [db1, db2, db3]) {
      t.is(await sql(name, "SELECT COUNT(*) FROM mysql.user WHERE user = 'infra_seed'"), '0\n');
      t.is(await askHost(name, 'ls /run/infra-seed/key.pem 2>/dev/null || true'), '');
    }
  });
}
