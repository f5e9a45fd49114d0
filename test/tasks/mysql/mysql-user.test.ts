import test from 'ava';
import {Secret} from '../../../src/shell/index.js';
import {mysqlUser} from '../../../src/tasks/index.js';
import {nativeHash} from '../../../src/tasks/mysql/password.js';

const password = new Secret('correct-horse');
const hex = (text: string) => Buffer.from(text).toString('hex');

/** Accounts of `app` by their hosts, as MariaDB stores them. */
type Stored = Readonly<Record<string, object>>;

const NATIVE = {plugin: 'mysql_native_password', authentication_string: nativeHash(password).reveal()};

type Spec = Omit<Parameters<typeof mysqlUser>[0], 'name'>;

/** The statements of a plan, as people see them. */
function plan(spec: Spec, stored: Stored, grants: readonly string[] = []): readonly string[] {
  const accounts = Object.entries(stored).map(
    ([host, priv]) => `account\t${hex(host)}\t${hex(JSON.stringify(priv))}\n`,
  );
  const stdout = ['server\t11.8.6-MariaDB\n', ...accounts, ...grants.map((line) => `${line}\n`)].join('');
  const question = mysqlUser({name: 'app', ...spec}).open({templateDirectories: []});
  const verdict = question.judge({code: 0, stdout, stderr: '', truncated: false});
  if (verdict.type === 'unchanged') return [];
  if (verdict.type !== 'change') throw new Error(verdict.because);
  const lines = verdict.commands.map((each) => String(each).replace(/^mariadb: /, ''));
  return lines.flatMap((each) => each.split(/(?<=;)\n/));
}

const SET = "IDENTIFIED VIA mysql_native_password USING '(sensitive)'";

test('hosts are the same in any order, any case and any number', (t) => {
  const stored = {'web1.example': NATIVE, '10.%': NATIVE};
  t.deepEqual(plan({password, hosts: ['WEB1.example', '10.%', 'web1.EXAMPLE']}, stored), []);
});

test('new accounts come before those that are left over go', (t) => {
  t.deepEqual(plan({password, hosts: ['192.0.2.2']}, {'192.0.2.1': NATIVE, '%': NATIVE}), [
    `CREATE USER 'app'@'192.0.2.2' ${SET};`,
    "DROP USER 'app'@'%';",
    "DROP USER 'app'@'192.0.2.1';",
  ]);
});

test('a password that does not let the user in is set, and the account unlocked', (t) => {
  const set = [`ALTER USER 'app'@'%' ${SET} ACCOUNT UNLOCK;`];
  const wrong = {...NATIVE, authentication_string: nativeHash(new Secret('other')).reveal()};
  for (const priv of [
    wrong,
    {},
    {plugin: 'unix_socket'},
    {...NATIVE, account_locked: true},
    {...NATIVE, password_last_changed: 0},
  ])
    t.deepEqual(plan({password, hosts: ['%']}, {'%': priv}), set, JSON.stringify(priv));
});

test('a user who comes over the socket has no password', (t) => {
  const spec = {socket: true, hosts: ['localhost']};
  t.deepEqual(plan(spec, {localhost: {plugin: 'unix_socket'}}), []);
  t.deepEqual(plan(spec, {}), ["CREATE USER 'app'@'localhost' IDENTIFIED VIA unix_socket;"]);
  t.deepEqual(plan(spec, {localhost: NATIVE}), [
    "ALTER USER 'app'@'localhost' IDENTIFIED VIA unix_socket ACCOUNT UNLOCK;",
  ]);
});

const TLS: readonly [boolean | undefined, number, readonly string[]][] = [
  [undefined, 1, []],
  [true, 0, ["ALTER USER 'app'@'%' REQUIRE SSL;"]],
  [true, 1, []],
  [true, 2, ["ALTER USER 'app'@'%' REQUIRE SSL;"]],
  [false, 0, []],
  [false, 1, ["ALTER USER 'app'@'%' REQUIRE NONE;"]],
];

for (const [requireTls, type, statements] of TLS)
  test(`an account with ssl_type ${type}, and TLS that is ${requireTls ?? 'not named'}`, (t) => {
    const spec = {password, hosts: ['%'], ...(requireTls !== undefined && {requireTls})};
    t.deepEqual(plan(spec, {'%': {...NATIVE, ssl_type: type}}), statements);
  });

test('the socket needs no TLS', (t) => {
  t.deepEqual(plan({password, hosts: ['localhost'], requireTls: true}, {localhost: NATIVE}), []);
  t.deepEqual(plan({password, hosts: ['localhost'], requireTls: true}, {}), [`CREATE USER 'app'@'localhost' ${SET};`]);
});

test('privileges are compared at each host, and left alone where none are named', (t) => {
  const stored = {'%': NATIVE, localhost: NATIVE};
  const grants = [`grants\t${hex('%')}`, 'GRANT SELECT ON `app`.* TO `app`@`%`', `grants\t${hex('localhost')}`];
  const spec = {password, hosts: ['%', 'localhost']};
  t.deepEqual(plan(spec, stored, grants), []);
  t.deepEqual(plan({...spec, grants: {'app.*': ['SELECT']}}, stored, grants), [
    "GRANT SELECT ON `app`.* TO 'app'@'localhost';",
  ]);
  t.deepEqual(plan({...spec, grants: {}}, stored, grants), ["REVOKE SELECT ON `app`.* FROM 'app'@'%';"]);
});

test('a user who should be absent goes with every account, and none is needed for that', (t) => {
  t.deepEqual(plan({state: 'absent'}, {'%': NATIVE, localhost: {}}), ["DROP USER 'app'@'%', 'app'@'localhost';"]);
  t.deepEqual(plan({state: 'absent'}, {}), []);
  t.deepEqual(plan({state: 'absent', hosts: ['%']}, {localhost: NATIVE}), ["DROP USER 'app'@'localhost';"]);
});

test("the server's own accounts are never touched", (t) => {
  const own = ['root', 'mysql', 'debian-sys-maint', 'mariadb.sys', 'mysql.sys', 'mysql.session', 'mysql.infoschema'];
  const message = / is the server's own: without it the server cannot be administered/;
  for (const name of own) t.throws(() => mysqlUser({name, state: 'absent'}), {message}, name);
  t.notThrows(() => mysqlUser({name: 'mysql2', state: 'absent'}));
});

test('a limit of connections is per host, and left alone where none is named', (t) => {
  const limited = {...NATIVE, max_user_connections: 20};
  const spec = {password, hosts: ['%']};
  t.deepEqual(plan(spec, {'%': limited}), []);
  t.deepEqual(plan({...spec, maxConnections: 20}, {'%': limited}), []);
  t.deepEqual(plan({...spec, maxConnections: 5}, {'%': limited}), [
    "ALTER USER 'app'@'%' WITH MAX_USER_CONNECTIONS 5;",
  ]);
  t.deepEqual(plan({...spec, requireTls: true, maxConnections: 5}, {}), [
    `CREATE USER 'app'@'%' ${SET} REQUIRE SSL WITH MAX_USER_CONNECTIONS 5;`,
  ]);
});
