import test from 'ava';
import {UnreadableReply} from '../../../src/model/index.js';
import {Secret} from '../../../src/shell/index.js';
import {type Account, accountsQuery, type DesiredLogin, parseAccounts} from '../../../src/tasks/mysql/accounts.js';
import {cachingSha2Hash, nativeHash} from '../../../src/tasks/mysql/password.js';

const password = new Secret('correct-horse');
const HOST = '192.0.2.1';
const LOGIN: DesiredLogin = {hosts: [HOST], password};

const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();

function parse(version: string, rows: readonly (readonly string[])[], login = LOGIN) {
  const lines = [['server', version], ...rows].map((row) => `${row.join('\t')}\n`);
  return parseAccounts({code: 0, stdout: lines.join(''), stderr: '', truncated: false}, login);
}

const mariadb = (rows: readonly (readonly string[])[], login = LOGIN) => parse('11.8.6-MariaDB', rows, login);
const mysql = (rows: readonly (readonly string[])[], login = LOGIN) => parse('9.7.4', rows, login);

const privRow = (priv: object, host = HOST) => ['account', hex(host), hex(JSON.stringify(priv))];

const NATIVE = {plugin: 'mysql_native_password', authentication_string: nativeHash(password).reveal()};

/** What `mysql.global_priv` holds, and how such an account logs in. */
const PRIVS: readonly [string, object, Account['login']][] = [
  ['the desired password', NATIVE, 'as set'],
  ['another password', {...NATIVE, authentication_string: nativeHash(new Secret('other')).reveal()}, 'different'],
  ['the same hash for another method', {...NATIVE, plugin: 'ed25519'}, 'different'],
  ['the desired password or a second method', {...NATIVE, auth_or: [{}, {plugin: 'unix_socket'}]}, 'different'],
  ['a locked account', {...NATIVE, account_locked: true}, 'locked'],
  ['a locked account without a password', {account_locked: true}, 'locked'],
  ['an account that is not locked', {...NATIVE, account_locked: false}, 'as set'],
  ['the Unix user', {plugin: 'unix_socket', authentication_string: ''}, 'socket'],
  ['no password', {plugin: 'mysql_native_password', authentication_string: ''}, 'none'],
  ['nothing at all', {}, 'none'],
  ['an expired password', {...NATIVE, password_last_changed: 0}, 'expired'],
  ['a password with a date', {...NATIVE, password_last_changed: 1767225600}, 'as set'],
];

for (const [what, priv, login] of PRIVS)
  test(`on MariaDB, ${what}: ${login}`, (t) => t.is(mariadb([privRow(priv)])[0]?.login, login));

const HASH = cachingSha2Hash(password, `app@${HOST}`).reveal();
const row = (plugin: string, authentication: string, locked = 'N', expired = 'N', tls = '') => [
  ...['account', hex(HOST), plugin, authentication, locked, expired, tls],
];

const ROWS: readonly [string, readonly string[], Account['login']][] = [
  ['the desired password', row('caching_sha2_password', HASH), 'as set'],
  ['the same hash for another method', row('sha256_password', HASH), 'different'],
  ['a hash that was cut', row('caching_sha2_password', HASH.slice(2)), 'different'],
  ['a locked account', row('caching_sha2_password', HASH, 'Y'), 'locked'],
  ['the Unix user', row('auth_socket', ''), 'socket'],
  ['no password', row('caching_sha2_password', ''), 'none'],
  ['no password that has expired', row('caching_sha2_password', '', 'N', 'Y'), 'none'],
  ['an expired password', row('caching_sha2_password', HASH, 'N', 'Y'), 'expired'],
];

for (const [what, fields, login] of ROWS)
  test(`on MySQL, ${what}: ${login}`, (t) => t.is(mysql([fields])[0]?.login, login));

test('what an account must bring to a connection', (t) => {
  const onMariadb = [{}, {ssl_type: 0}, {ssl_type: 1}, {ssl_type: 2}, {ssl_type: 3}];
  const expected = ['optional', 'optional', 'required', 'certificate', 'certificate'];
  t.deepEqual(
    onMariadb.map((priv) => mariadb([privRow(priv)])[0]?.tls),
    expected,
  );
  const onMysql = ['', 'ANY', 'X509', 'SPECIFIED'].map((tls) => mysql([row('auth_socket', '', 'N', 'N', tls)])[0]?.tls);
  t.deepEqual(onMysql, ['optional', 'required', 'certificate', 'certificate']);
});

test('the password of an account that was not asked for is not compared', (t) => {
  t.is(mariadb([privRow(NATIVE, '192.0.2.2')])[0]?.login, 'different');
  t.is(mariadb([privRow(NATIVE)], {hosts: [HOST], password: undefined})[0]?.login, 'different');
});

test('a role is not an account', (t) => {
  t.deepEqual(
    mariadb([privRow({is_role: true}, ''), privRow(NATIVE)]).map(({host}) => host),
    [HOST],
  );
});

test('accounts come sorted by host, each with its own privileges', (t) => {
  const accounts = mariadb([
    ['GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION'],
    privRow(NATIVE, 'localhost'),
    privRow(NATIVE, '10.%'),
    privRow({}, '192.0.2.9'),
    ['grants', hex('localhost')],
    ['GRANT SELECT ON `app`.* TO `app`@`localhost`'],
    ['grants', hex('10.%')],
    ['GRANT USAGE ON *.* TO `app`@`10.%`'],
    ['GRANT INSERT ON `app`.* TO `app`@`10.%`'],
  ]);
  t.deepEqual(
    accounts.map(({host, grants}) => [host, ...[...grants].map(([level, each]) => `${[...each]} ON ${level}`)]),
    [['10.%', 'INSERT ON `app`.*'], ['192.0.2.9'], ['localhost', 'SELECT ON `app`.*']],
  );
});

test("on MySQL, as many global privileges as root's own are ALL", (t) => {
  const [account] = mysql([
    ['GRANT SELECT, INSERT ON *.* TO `root`@`localhost` WITH GRANT OPTION'],
    ['GRANT CLONE_ADMIN ON *.* TO `root`@`localhost` WITH GRANT OPTION'],
    row('auth_socket', ''),
    ['grants', hex(HOST)],
    ['GRANT SELECT, INSERT ON *.* TO `app`@`192.0.2.1`'],
    ['GRANT CLONE_ADMIN ON *.* TO `app`@`192.0.2.1`'],
  ]);
  t.deepEqual([...(account?.grants.get('*.*') ?? [])], ['ALL PRIVILEGES']);
});

test('an answer that is not whole is not read as an account less', (t) => {
  const unreadable = (message: string) => ({instanceOf: UnreadableReply, message});
  t.throws(() => mariadb([privRow({}), privRow(NATIVE)]), unreadable('the database names an account twice'));
  t.throws(
    () => mysql([row('auth_socket', '').slice(0, 5)]),
    unreadable('the database answers a row that is incomplete'),
  );
  t.throws(() => mariadb([['account', 'zz', '']]), unreadable('the database answers no hexadecimal digits'));
  t.throws(
    () => mariadb([['account', hex(HOST), hex('[]')]]),
    unreadable('the database answers JSON that is not an object'),
  );
  t.throws(() => mariadb([['account', hex(HOST)]]), unreadable('the database answers no hexadecimal digits'));
});

test('an account that does not exist yet has no privileges to show', (t) => {
  const stderr = "ERROR 1141 (42000) at line 4: There is no such grant defined for user 'app' on host '192.0.2.1'\n";
  const stdout = `server\t11.8.6-MariaDB\ngrants\t${hex(HOST)}\n`;
  t.deepEqual(parseAccounts({code: 1, stdout, stderr, truncated: false}, LOGIN), []);
});

test('the question names the user and each host as literals, and each family has its own table', (t) => {
  const lines = accountsQuery('mariadb', "o'b", ['%', '10.1']).split('\n');
  t.deepEqual(lines.slice(2), [
    "SELECT 'account', HEX(host), HEX(priv) FROM mysql.global_priv WHERE user = 'o''b';",
    "SELECT 'grants', HEX('%');",
    "SHOW GRANTS FOR 'o''b'@'%';",
    "SELECT 'grants', HEX('10.1');",
    "SHOW GRANTS FOR 'o''b'@'10.1';",
  ]);
  t.regex(accountsQuery('mysql', 'app', []), /FROM mysql\.user WHERE user = 'app';$/);
});
