import test from 'ava';
import {InputError} from '../../../src/model/index.js';
import {mysqlPrimary, mysqlReplication, mysqlServer} from '../../../src/roles/index.js';
import {Secret} from '../../../src/shell/index.js';
import {compile, written} from '../compile.js';

const TWO = `
web:
  hosts:
    web1: {address: 192.0.2.21}
    web2: {address: 192.0.2.22}
primary: {hosts: {db1: {address: 192.0.2.1}}}
replica: {hosts: {db2: {address: 192.0.2.2}}}
`;

const replication = {password: new Secret('replicate')};
const application = {
  replication,
  databases: [{name: 'app'}],
  users: [{name: 'app', password: new Secret('apply'), grants: {'app.*': ['SELECT', 'INSERT']}}],
};

const HERE = {addresses: ['192.0.2.1', '192.0.2.2']};

const config = (inventory: string, group: string) =>
  written(compile(mysqlServer({}), inventory, group, HERE).get('template /etc/mysql/mariadb.conf.d/60-infra.cnf')).text;

const idOf = (inventory: string, group = 'primary') => /server_id = (\d+)/.exec(config(inventory, group))?.[1];

test('a server is a drop-in, a package, its option file and a service, in this order', (t) => {
  const tasks = compile(mysqlServer({}), TWO, 'primary');
  t.deepEqual(
    [...tasks.keys()],
    [
      'directory /etc/systemd/system/mariadb.service.d',
      'file /etc/systemd/system/mariadb.service.d/infra.conf',
      'apt mariadb-server mariadb-backup socat logrotate',
      'permissions /var/lib/mysql',
      'directory /var/lib/mysql-files',
      'directory /var/log/mysql',
      'template /etc/mysql/mariadb.conf.d/60-infra.cnf',
      'service mariadb',
      'template /usr/local/sbin/database-disk-guard',
      'template /etc/systemd/system/database-disk-guard.service',
      'template /etc/systemd/system/database-disk-guard.timer',
      'service database-disk-guard.timer',
    ],
  );
  const file = tasks.get('template /etc/mysql/mariadb.conf.d/60-infra.cnf');
  t.deepEqual(
    file?.notify.map(({id}) => id),
    ['restart mariadb'],
  );
  t.regex(written(file).commands, /mariadbd --defaults-file=\S+ --user=mysql --help --verbose/);
});

test('the option file depends on the host: its address and its memory', (t) => {
  t.regex(config(TWO, 'primary'), /^bind_address = 127\.0\.0\.1,192\.0\.2\.1$/m);
  t.regex(config(TWO, 'primary'), /^innodb_buffer_pool_size = 768M$/m);
});

test('every server starts read-only, whatever its group', (t) => {
  for (const group of ['primary', 'replica']) t.regex(config(TWO, group), /^read_only = ON$/m);
  const mysql = compile(mysqlServer({family: 'mysql'}), TWO, 'primary', {...HERE, codename: 'sid', version: ''});
  t.regex(written(mysql.get('template /etc/mysql/mysql.conf.d/zz-infra.cnf')).text, /^super_read_only = ON$/m);
});

test('binary logs are purged without replicas where the server knows how', (t) => {
  const on = (codename: string, options = {}) =>
    written(
      compile(mysqlServer(options), TWO, 'primary', {...HERE, codename}).get(
        'template /etc/mysql/mariadb.conf.d/60-infra.cnf',
      ),
    ).text;
  t.regex(on('trixie'), /^slave_connections_needed_for_purge = 0$/m);
  t.regex(on('trixie', {binlogLimit: 300}), /^max_binlog_total_size = 300M$/m);
  t.notRegex(on('bookworm', {binlogSize: 300}), /slave_connections_needed_for_purge|max_binlog_total_size/);
  t.throws(() => on('bookworm', {binlogLimit: 300}), {message: /knows no limit of its binary logs/});
  t.regex(on('bookworm'), /^collation_server = utf8mb4_uca1400_ai_ci$/m);
  t.regex(on('jammy'), /^collation_server = utf8mb4_unicode_520_ci$/m);
});

test('a server id depends only on the host and stays when others are added', (t) => {
  t.not(idOf(TWO), idOf(TWO, 'replica'));
  t.is(idOf(`other: {hosts: {db0: {address: 192.0.2.9}}}${TWO}`), idOf(TWO));
  t.is(idOf(TWO.replace('db1: {address: 192.0.2.1}', 'db1: {address: 192.0.2.1, mysql_server_id: 7}')), '7');
});

test('two hosts with the same server id are refused', (t) => {
  const twins = TWO.replaceAll(/(address: 192\.0\.2\.[12])}/g, '$1, mysql_server_id: 7}');
  const error = t.throws(() => compile(mysqlServer({}), twins, 'primary'), {instanceOf: InputError});
  t.is(error.diagnostics[0]?.message, 'the hosts db1 and db2 would have the same server id 7');
});

test('MySQL is refused on a Debian that has no package of it, before any connection', (t) => {
  const error = t.throws(() => compile(mysqlServer({family: 'mysql'}), TWO, 'primary'), {instanceOf: InputError});
  t.regex(error.message, /Debian 13 \(trixie\) on db1 has no package of MySQL/);
});

test('a server that does not have its address is refused', (t) => {
  const elsewhere = TWO.replace('db1: {address: 192.0.2.1}', 'db1: {address: 192.0.2.77}');
  const error = t.throws(() => compile(mysqlServer({}), elsewhere, 'primary'), {instanceOf: InputError});
  t.regex(error.message, /db1 must listen on 192\.0\.2\.77/);
});

test('the primary makes databases, users and the replication user', (t) => {
  const tasks = compile(mysqlPrimary(application), TWO, 'primary');
  t.deepEqual(
    [...tasks.keys()],
    [
      'mysqlReadOnly off',
      'mysqlSecureInstallation accounts',
      'mysqlDatabase app',
      'mysqlUser app',
      'mysqlUser replicator',
    ],
  );
  const desired = (id: string) => tasks.get(id)?.open({templateDirectories: []}).judge(NEW_SERVER);
  const hosts = (id: string) => {
    const verdict = desired(id);
    return verdict?.type === 'change' ? verdict.diff.find(({name}) => name === 'hosts')?.after : undefined;
  };
  t.deepEqual(hosts('mysqlUser app'), ['192.0.2.21', '192.0.2.22']);
  // The old primary logs in at the new one after they have swapped roles.
  t.deepEqual(hosts('mysqlUser replicator'), ['192.0.2.1', '192.0.2.2']);
});

test('without replicas there is no replication user', (t) => {
  const alone = TWO.replace('replica:', 'spare:');
  const task = compile(mysqlPrimary(application), alone, 'primary').get('mysqlUser replicator');
  t.is(task?.open({templateDirectories: []}).judge(NEW_SERVER).type, 'unchanged');
});

test('replicas may be missing under their usual name, and not under another', (t) => {
  const alone = 'primary: {hosts: {db1: {address: 192.0.2.1}}}';
  const refused = {instanceOf: InputError, message: /has no group "replcia"/};
  t.notThrows(() => compile(mysqlServer(), alone, 'primary', HERE));
  t.throws(() => compile(mysqlServer({replicas: 'replcia'}), TWO, 'primary', HERE), refused);
  t.throws(() => compile(mysqlPrimary({replication, replicas: 'replcia'}), TWO, 'primary', HERE), refused);
});

test('a replica is attached to the primary of the inventory', (t) => {
  const tasks = compile(mysqlReplication(replication), TWO, 'replica');
  t.deepEqual([...tasks.keys()], ['mysqlReadOnly on', 'mysqlReplica 192.0.2.1']);
});

test('in a play for all servers, each role is for its own', (t) => {
  t.deepEqual([...compile(mysqlPrimary(application), TWO, 'replica').keys()], []);
  t.deepEqual([...compile(mysqlReplication(replication), TWO, 'primary').keys()], []);
});

test('an impossible topology is refused', (t) => {
  const refused = (act: () => unknown) => t.throws(act, {instanceOf: InputError}).message;
  const two = TWO.replace('primary: {hosts: {', 'primary: {hosts: {db3: {address: 192.0.2.3}, ');
  t.regex(
    refused(() => compile(mysqlReplication(replication), two, 'replica')),
    /group "primary" has 2 hosts: db3, db1/,
  );
  const both = TWO.replace('replica: {hosts: {db2: {address: 192.0.2.2}}}', 'replica: {hosts: {db1: {}}}');
  t.regex(
    refused(() => compile(mysqlPrimary(application), both, 'primary')),
    /db1 is the primary and one of its own replicas/,
  );
  const named = TWO.replace('web1: {address: 192.0.2.21}', 'web1: {address: web1.example.org}');
  t.regex(
    refused(() => compile(mysqlPrimary(application), named, 'primary')),
    /database accounts need IP addresses, and web1 has "web1\.example\.org"/,
  );
});

const NEW_SERVER = {code: 0, stdout: 'server\t11.8.6-MariaDB\n', stderr: '', truncated: false};
