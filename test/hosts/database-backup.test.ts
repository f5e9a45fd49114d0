import {chmod, readFile} from 'node:fs/promises';
import {generateX25519Identity, identityToRecipient} from 'age-encryption';
import {bareHosts} from '../support/hosts.js';
import {askHost, onHost, type TestHost, labTest as test, writeTemporary} from '../support/lab.js';
import {newProject, type Project} from '../support/project.js';

const HOSTS = {
  'backup-db1': {address: '198.18.0.176', groups: ['db', 'primary']},
  'backup-db2': {address: '198.18.0.177', groups: ['db', 'replica']},
  'backup-keep': {address: '198.18.0.178', groups: ['keep']},
} satisfies Record<string, TestHost>;

const playbook = (recipient: string) => `import {
  databaseBackup, databaseHealth, mysqlPrimary, mysqlReplication, mysqlServer, play, playbook,
} from 'infra';
export default playbook('site', ({secret}) => {
  const replicator = {user: 'replicator', password: secret('mysql/replicator')};
  return [
    play('database', {hosts: 'db'}, [mysqlServer({from: {group: 'db'}})]),
    play('primary', {hosts: 'primary', needs: ['database']}, [mysqlPrimary({replication: replicator, databases: [{name: 'app'}]})]),
    play('replica', {hosts: 'replica', needs: ['primary']}, [mysqlReplication(replicator)]),
    play('health', {hosts: 'db', needs: ['replica']}, [databaseHealth({from: {group: 'db'}})]),
    play('backup', {hosts: 'db:keep', needs: ['health']}, [
      databaseBackup({recipients: ['${recipient}'], to: {host: 'backup-keep', key: secret('backup/ssh')}, binaryLogs: true}),
    ]),
  ];
});
`;

let project: Project;
let inventory: readonly string[] = [];
let identity = '';

const infra = (...words: readonly string[]) => project.run([...words, ...inventory]);
const db = (...words: readonly string[]) => infra('db', ...words);
const sql = (host: string, text: string) => askHost(host, `mariadb -BN -e "${text}"`);
const COUNT = 'SELECT COUNT(*) FROM app.t; CHECKSUM TABLE app.t';

async function prepare(): Promise<void> {
  inventory = ['--playbook', 'site.ts', '--inventory', await bareHosts(HOSTS)];
  const key = await generateX25519Identity();
  identity = await writeTemporary('identity.txt', `${key}\n`);
  await chmod(identity, 0o600);
  project = await newProject(playbook(await identityToRecipient(key)));
}

test('the replica backs up to another host, and the primary leaves it to the replica', async (t) => {
  await prepare();
  t.is((await infra('apply', '--yes')).code, 0);
  await sql('backup-db1', 'USE app; CREATE TABLE t SELECT seq AS id, MD5(seq) AS v FROM seq_1_to_20000');
  for (const host of ['backup-db1', 'backup-db2']) await askHost(host, 'systemctl start database-backup@timer');
  t.regex(
    await askHost('backup-db1', 'cat /var/lib/infra/database/backup.json'),
    /"mine": false, "why": "not its turn/,
  );
  t.regex(await askHost('backup-db2', 'cat /var/lib/infra/database/backup.json'), /"success": \{"time"/);
  t.is((await infra('plan')).code, 0);
});

test('the replica can be restored from it with the same rows', async (t) => {
  const done = await db('restore', '--to', 'backup-db2', '--verify', '--yes', '--identity', identity);
  t.is(done.code, 0, done.stderr);
  t.regex(await askHost('backup-db2', 'cat /var/lib/infra/database/restore.json'), /"rows": 20000,.*"result": "ok"/);
  t.regex((await db('backup', '--list')).stdout, /tried .*: ok/);
});

test('nobody else can read it, and the key of the project is not needed', async (t) => {
  const done = await db('restore', '--to', 'backup-db2', '--verify', '--yes');
  t.is(done.code, 2);
  t.regex(done.stderr, /encrypted for others/);
});

test('data is replaced only if that was said', async (t) => {
  const done = await db('restore', '--to', 'backup-db1', '--yes', '--identity', identity);
  t.regex(done.stderr, /backup-db1 holds app.*--overwrite/s);
});

test('binary logs bring it to the second before a mistake', async (t) => {
  const before = await sql('backup-db1', `INSERT INTO app.t VALUES (20001, 'late'); ${COUNT}; DO SLEEP(2)`);
  const until = (await askHost('backup-db1', "date -u '+%F %T'")).trim();
  await sql('backup-db1', 'DO SLEEP(1); DROP TABLE app.t');
  await askHost('backup-db1', 'systemctl start database-backup-logs');
  const words = ['restore', '--to', 'backup-db1', '--until', until, '--overwrite', '--yes', '--identity', identity];
  const done = await db(...words);
  t.is(done.code, 0, done.stderr);
  t.is(await sql('backup-db1', COUNT), before);
});

test('a host that keeps backups gives none of them away', async (t) => {
  const store =
    'ssh -F none -i /etc/database-backup/key -o BatchMode=yes -o StrictHostKeyChecking=no -l database-backup 198.18.0.178';
  for (const command of ['retain', 'rm -f x', 'sh', '']) {
    t.not((await onHost('backup-db1', `${store} ${command} </dev/null`)).code, 0, command);
  }
});

test('a full disk fails the backup and keeps the old one', async (t) => {
  const directory = '/var/backups/infra-database';
  await askHost(
    'backup-keep',
    `mount -t tmpfs -o size=1m,mode=1770,gid=$(getent group database-backup | cut -d: -f3) none ${directory}`,
  );
  t.not((await onHost('backup-db1', 'systemctl start database-backup@now')).code, 0);
  await askHost('backup-keep', `umount ${directory}`);
  t.regex(
    await askHost('backup-db1', 'cat /var/lib/infra/database/backup.json'),
    /"why": "(no space|the destination: .* no space)/,
  );
  t.is((await db('backup', '--list')).code, 0);
});

test('stock tools restore it without infra', async (t) => {
  await askHost('backup-db1', 'systemctl start database-backup@now');
  const key = (await readFile(identity, 'utf8')).trim();
  const script = `cd /root && umask 077 && echo '${key}' >key && N=$(/usr/local/sbin/database-backup list backups | tail -n 1 | cut -d ' ' -f 2) &&
/usr/local/sbin/database-backup get $N >$N && mkdir -m 0700 /var/lib/mysql-new &&
age -d -i key $N | zstd -d | mbstream -x -C /var/lib/mysql-new && mariadb-backup --prepare --target-dir=/var/lib/mysql-new 2>/dev/null &&
systemctl stop mariadb && mv /var/lib/mysql /var/lib/mysql.old && mkdir -m 0700 /var/lib/mysql &&
mariadb-backup --copy-back --target-dir=/var/lib/mysql-new 2>/dev/null && chown -R mysql:mysql /var/lib/mysql && systemctl start mariadb && rm key`;
  const expected = await sql('backup-db1', COUNT);
  await askHost('backup-db2', script);
  t.is(await sql('backup-db2', COUNT), expected);
});
