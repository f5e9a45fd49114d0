import test from 'ava';
import {InputError} from '../../../src/model/index.js';
import {databaseHealth, mysqlPrimary, mysqlReplication, mysqlServer} from '../../../src/roles/index.js';
import {Secret} from '../../../src/shell/index.js';
import {compile, declared, written} from '../compile.js';

const SITE = `
lb: {hosts: {lb1: {address: 192.0.2.10}}}
web: {hosts: {web1: {address: 192.0.2.21}}}
db:
  children:
    primary: {hosts: {db1: {address: 192.0.2.1}}}
    replica: {hosts: {db2: {address: 192.0.2.2}}}
`;

const HERE = {addresses: ['192.0.2.1', '192.0.2.2']};

const authority = {certificate: 'PEM of the authority\n', issue: () => Promise.reject(new Error('not in a plan'))};
const password = new Secret('x');

const config = (server: ReturnType<typeof mysqlServer>, file: string, facts = {}) =>
  written(compile(server, SITE, 'primary', {...HERE, ...facts}).get(`template ${file}`)).text;

test('the certificate comes before the option file that names it, and its renewal reloads without a restart', (t) => {
  const tasks = compile(mysqlServer({tls: {certificate: authority}}), SITE, 'primary', HERE);
  const names = [...tasks.keys()];
  const [ca, own, file] = [
    'file /etc/mysql/tls/ca.pem',
    'certificate /etc/mysql/tls/server.pem',
    'template /etc/mysql/mariadb.conf.d/60-infra.cnf',
  ].map((name) => names.indexOf(name));
  t.deepEqual(
    [ca, own, file],
    [ca, own, file].toSorted((left = 0, right = 0) => left - right),
  );
  t.true(ca !== -1);
  const [handler] = tasks.get('certificate /etc/mysql/tls/server.pem')?.notify ?? [];
  t.is(String(handler?.command), 'mariadb: FLUSH LOCAL SSL;');
});

test('plain text is refused, TLS 1.2 and 1.3 are enabled, with the options of each family', (t) => {
  const mariadb = config(mysqlServer({tls: {certificate: authority}}), '/etc/mysql/mariadb.conf.d/60-infra.cnf');
  t.regex(mariadb, /^require_secure_transport = ON$/m);
  t.regex(mariadb, /^tls_version = TLSv1\.2,TLSv1\.3$/m);
  t.notRegex(mariadb, /tls_ciphersuites/);
  const sid = {codename: 'sid', version: 'unstable'};
  const mysql = config(
    mysqlServer({family: 'mysql', tls: {certificate: authority, require: false}}),
    '/etc/mysql/mysql.conf.d/zz-infra.cnf',
    sid,
  );
  t.regex(mysql, /^tls_ciphersuites = TLS_AES_128_GCM_SHA256:/m);
  t.notRegex(mysql, /require_secure_transport/);
  t.notRegex(config(mysqlServer({}), '/etc/mysql/mariadb.conf.d/60-infra.cnf'), /ssl/);
});

test('the user’s own certificate needs an authority to trust', (t) => {
  const own = {certificate: 'PEM', key: password};
  const error = t.throws(() => compile(mysqlServer({tls: {certificate: own}}), SITE, 'primary', HERE), {
    instanceOf: InputError,
  });
  t.regex(error.message, /db1 has a certificate, but no authority to trust/);
});

test('with TLS, users and the replication user require it, or single users do', (t) => {
  const users = [
    {name: 'app', password, grants: {}},
    {name: 'old', password, grants: {}, requireTls: false},
  ];
  const desired = (tls: boolean, user: string) => {
    const tasks = compile(mysqlPrimary({replication: {password}, users, tls}), SITE, 'primary');
    const verdict = tasks.get(`mysqlUser ${user}`)?.open({templateDirectories: []}).judge(NEW_SERVER);
    return verdict?.type === 'change' ? verdict.diff.find(({name}) => name.startsWith('tls at'))?.after : undefined;
  };
  t.is(desired(true, 'app'), 'required');
  t.is(desired(true, 'replicator'), 'required');
  t.is(desired(true, 'old'), 'optional');
  t.is(desired(false, 'app'), undefined);
});

test('a replica trusts the authority of its own server', (t) => {
  const task = compile(mysqlReplication({password, tls: true}), SITE, 'replica').get('mysqlReplica 192.0.2.1');
  const reply = {...NEW_SERVER, stdout: 'server: 11.8.6-MariaDB\nuser_databases: NULL\n'};
  const verdict = task?.open({templateDirectories: []}).judge(reply);
  t.deepEqual(
    verdict?.type === 'change' && verdict.diff.find(({name}) => name === 'authority')?.after,
    '/etc/mysql/tls/ca.pem',
  );
});

test('the server listens for its clients and for the other database servers', (t) => {
  const [listening] = declared(mysqlServer({from: [{group: 'web'}, {group: 'lb'}]}), SITE, 'primary');
  t.deepEqual(listening?.ports, [3306]);
  t.deepEqual(
    listening?.from,
    ['web', 'lb', 'primary', 'replica'].map((group) => ({group})),
  );
});

test('the balancers and the other servers ask for a server’s health, by an account made on the primary', (t) => {
  const role = databaseHealth({maxLag: 7});
  const [listening] = declared(role, SITE, 'replica');
  t.deepEqual([listening?.ports, listening?.from], [[9200], [{group: 'lb'}, {group: 'primary'}, {group: 'replica'}]]);
  const primary = compile(role, SITE, 'primary');
  const verdict = primary.get('mysqlUser database-health')?.open({templateDirectories: []}).judge(NEW_SERVER);
  t.true(verdict?.type === 'change' && /GRANT .*SLAVE MONITOR.* ON \*\.\*/.test(verdict.commands.join()));
  t.false(compile(role, SITE, 'replica').has('mysqlUser database-health'));
  const socket = written(primary.get('template /etc/systemd/system/database-health.socket')).text;
  t.regex(socket, /^ListenStream=192\.0\.2\.1:9200$/m);
  t.regex(written(primary.get('template /usr/local/sbin/database-health')).text, /MAX_LAG => 7,/);
});

const NEW_SERVER = {code: 0, stdout: 'server\t11.8.6-MariaDB\n', stderr: '', truncated: false};

test('the certificate has the names and addresses of the balancers, without the prefix of a network', (t) => {
  const names = ['DB.example.org', '192.0.2.100/24', '2001:DB8::100'];
  const tasks = compile(mysqlServer({tls: {certificate: authority, names}}), SITE, 'primary', HERE);
  const spec = tasks.get('certificate /etc/mysql/tls/server.pem')?.open({templateDirectories: []}).spec;
  t.like(spec, {names: ['db1', '192.0.2.1', 'DB.example.org', '192.0.2.100', '2001:db8::100']});
});
