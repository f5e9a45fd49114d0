import test from 'ava';
import ssh2 from 'ssh2';
import {databaseBackup} from '../../../src/roles/index.js';
import {sshKeyPair} from '../../../src/roles/mysql/backup-key.js';
import {Secret} from '../../../src/shell/index.js';
import {compile, declared, written} from '../compile.js';

const SITE = `
db:
  children:
    primary: {hosts: {db1: {address: 192.0.2.1}}}
    replica: {hosts: {db2: {address: 192.0.2.2}, db3: {address: 192.0.2.3}}}
store: {hosts: {backup1: {address: 192.0.2.9, port: 2222}}}
web: {hosts: {web1: {address: 192.0.2.20}}}
`;

const ANNA = `age1${'q'.repeat(58)}`;
const BERT = `age1${'p'.repeat(58)}`;
const KEY = new Secret('a secret of the project');
const to = {host: 'backup1', key: KEY};

const PROGRAM = 'template /usr/local/sbin/database-backup';
const STORE = 'template /usr/local/sbin/database-backup-store-var-backups-infra-database';

test('a database server gets a timer, a program and a directory that only root reads', (t) => {
  const tasks = compile(databaseBackup({recipients: [ANNA]}), SITE, 'db');
  t.deepEqual(
    [...tasks.keys()].filter((name) => !name.includes('systemd')),
    [
      'apt mariadb-backup age zstd',
      'directory /etc/database-backup',
      'file /etc/database-backup/recipients',
      PROGRAM,
      'template /usr/local/sbin/database-restore',
      'service database-backup.timer',
      'service database-backup-logs.timer',
      'directory /var/backups/infra-database',
      STORE,
    ],
  );
  const program = written(tasks.get(PROGRAM)).text;
  t.regex(program, /\ndb1 192\.0\.2\.1\ndb2 192\.0\.2\.2\ndb3 192\.0\.2\.3\nPEERS\n/, 'in the order of the inventory');
  t.regex(program, /mariadb-backup --backup --stream=mbstream/);
  t.notRegex(program, /ssh/);
});

test('MySQL is dumped with its accounts and its GTID set', (t) => {
  const program = written(
    compile(databaseBackup({family: 'mysql', recipients: [ANNA]}), SITE, 'db', {codename: 'sid'}).get(PROGRAM),
  ).text;
  t.regex(program, /mysqldump --single-transaction --source-data=2 --set-gtid-purged=ON .*--all-databases/);
  t.notRegex(program, /mbstream/);
});

test('every recipient is named, and all of them can decrypt', (t) => {
  const tasks = compile(databaseBackup({recipients: [ANNA, BERT]}), SITE, 'db');
  t.true(written(tasks.get('file /etc/database-backup/recipients')).text.endsWith(`\n${ANNA}\n${BERT}\n`));
});

test('with another host a server has a key of its own, and no directory', (t) => {
  const tasks = compile(databaseBackup({recipients: [ANNA], to}), SITE, 'db');
  t.false(tasks.has('directory /var/backups/infra-database'));
  t.is(written(tasks.get('file /etc/database-backup/key')).text, sshKeyPair(KEY, 'db1').privateKey.reveal());
  const program = written(tasks.get(PROGRAM)).text;
  t.regex(program, /ssh -F none -T -i \/etc\/database-backup\/key -p 2222 .* -l database-backup -- 192\.0\.2\.9 "\$@"/);
  t.regex(program, /StrictHostKeyChecking=accept-new/);
});

test('a host key that is given is the only one that is trusted', (t) => {
  const hostKey = 'ssh-ed25519 AAAAC3Nza root@backup1';
  const tasks = compile(databaseBackup({recipients: [ANNA], to: {...to, hostKey}}), SITE, 'db');
  t.is(written(tasks.get('file /etc/database-backup/known_hosts')).text, 'database-backup ssh-ed25519 AAAAC3Nza\n');
  t.regex(written(tasks.get(PROGRAM)).text, /StrictHostKeyChecking=yes/);
});

test('the host that keeps backups lets each server run one program, from its address only', (t) => {
  const role = databaseBackup({recipients: [ANNA], to});
  const tasks = compile(role, SITE, 'store');
  const [, , , first] = [...tasks.values()];
  t.is([...tasks.keys()].filter((name) => name.startsWith('authorizedKey database-backup: ')).length, 3);
  t.truthy(first);
  t.deepEqual(
    declared(role, SITE, 'store').map(({listens, ports, from}) => ({listens, ports, from})),
    [{listens: 'tcp', ports: [2222], from: [{group: 'db'}]}],
  );
  t.true(tasks.has('service database-backup-store.timer'), 'retention runs there');
});

test('the key of each server follows from the secret and its name', (t) => {
  const {privateKey, publicKey} = sshKeyPair(KEY, 'db1');
  t.deepEqual(sshKeyPair(KEY, 'db1').publicKey, publicKey);
  t.not(sshKeyPair(KEY, 'db2').publicKey, publicKey);
  const parsed = ssh2.utils.parseKey(privateKey.reveal());
  if (parsed instanceof Error) throw parsed;
  t.is(parsed.getPublicSSH().toString('base64'), publicKey.split(' ')[1] ?? '');
});

test('a database server cannot keep its own cluster’s backups for the others', (t) => {
  t.throws(() => compile(databaseBackup({recipients: [ANNA], to: {...to, host: 'db1'}}), SITE, 'db'), {
    message: /db1 is a database server, and is to keep the backups/,
  });
});

test('a host that is neither is refused', (t) => {
  t.throws(() => compile(databaseBackup({recipients: [ANNA], to}), SITE, 'web'), {
    message: /web1 is neither in the group "db" nor the destination/,
  });
});

test('without a recipient nobody could read the backups', (t) => {
  t.throws(() => databaseBackup({recipients: []}), {message: /"recipients" must name at least one/});
  t.throws(() => databaseBackup({recipients: ['AGE-SECRET-KEY-1']}), {message: /must be an age recipient/});
  t.throws(() => databaseBackup({recipients: [ANNA], at: ['2:30']}), {message: /must be a time of day/});
});
