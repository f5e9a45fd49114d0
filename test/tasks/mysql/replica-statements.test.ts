import test from 'ava';
import {Secret} from '../../../src/shell/index.js';
import {awaitThreads, changeSource, forgetTransactions} from '../../../src/tasks/mysql/replica-statements.js';
import type {ReplicaReport} from '../../../src/tasks/mysql/replica-status.js';
import {clientHost} from './client-host.js';

const PRIMARY = {source: '192.0.2.1', port: 3307, user: "o'repl", password: new Secret("it's")};

const clearText = (statements: ReturnType<typeof changeSource>) =>
  statements.map((each) => (each instanceof Secret ? each.reveal() : each)).join('');

test('MariaDB follows a primary by GTID, and TLS stays as it is', (t) => {
  t.is(
    clearText(changeSource('mariadb', PRIMARY)),
    "CHANGE MASTER TO MASTER_HOST = '192.0.2.1', MASTER_PORT = 3307, MASTER_USER = 'o''repl', MASTER_PASSWORD = 'it''s', " +
      'MASTER_CONNECT_RETRY = 5, MASTER_USE_GTID = slave_pos;\n',
  );
});

test('MySQL follows a primary by GTID, tries for a year, and gets the key for its password by TLS', (t) => {
  t.is(
    clearText(changeSource('mysql', PRIMARY)),
    "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '192.0.2.1', SOURCE_PORT = 3307, SOURCE_USER = 'o''repl', " +
      "SOURCE_PASSWORD = 'it''s', SOURCE_CONNECT_RETRY = 5, SOURCE_RETRY_COUNT = 6307200, SOURCE_AUTO_POSITION = 1, " +
      'SOURCE_SSL = 1;\n',
  );
});

test('with an authority, both verify the certificate and its name', (t) => {
  const authority = "/etc/it's.pem";
  const mariadb = clearText(changeSource('mariadb', {...PRIMARY, authority}));
  t.true(mariadb.endsWith(", MASTER_SSL = 1, MASTER_SSL_CA = '/etc/it''s.pem', MASTER_SSL_VERIFY_SERVER_CERT = 1;\n"));
  const mysql = clearText(changeSource('mysql', {...PRIMARY, authority}));
  t.true(mysql.endsWith(", SOURCE_SSL_CA = '/etc/it''s.pem', SOURCE_SSL_VERIFY_SERVER_CERT = 1;\n"));
  t.is(mysql.match(/SOURCE_SSL = 1/g)?.length, 1, 'an option is given once');
});

test('the password is a secret among the statements', (t) => {
  for (const family of ['mariadb', 'mysql'] as const)
    t.false(changeSource(family, PRIMARY).map(String).join('').includes("it''s"));
});

const reportOf = (server: ReplicaReport['server']): ReplicaReport => ({
  ...{server, databases: [], hasTransactions: true, hasApplied: false, hasWritten: true, replication: undefined},
});

const RESETS: readonly [ReplicaReport['server'], string][] = [
  [{family: 'mariadb', version: '11.8.6-MariaDB'}, "mariadb: RESET MASTER;\nSET GLOBAL gtid_slave_pos = '';"],
  [{family: 'mysql', version: '8.0.44'}, 'mysql: RESET MASTER;'],
  [{family: 'mysql', version: '8.1.0'}, 'mysql: RESET MASTER;'],
  [{family: 'mysql', version: '8.2.0'}, 'mysql: RESET BINARY LOGS AND GTIDS;'],
  [{family: 'mysql', version: '8.4.7-0ubuntu1'}, 'mysql: RESET BINARY LOGS AND GTIDS;'],
  [{family: 'mysql', version: '9.0.1'}, 'mysql: RESET BINARY LOGS AND GTIDS;'],
];

for (const [server, shown] of RESETS)
  test(`the transactions of a new ${server.version} are forgotten by the statement that it knows`, (t) =>
    t.is(String(forgetTransactions(reportOf(server))), shown));

test('a server that holds databases by now is not reset', (t) => {
  const forget = forgetTransactions(reportOf({family: 'mysql', version: '9.7.4'}));
  const client = (databases: number) =>
    `s=$(cat); case $s in *COUNT*) echo ${databases};; *) echo "$s" >did;; esac; [ ! -e did ] || cat did`;
  const full = clientHost(t, {mysql: client(1)}).run(forget);
  t.deepEqual([full.code, full.stdout, full.stderr], [1, '', 'this server holds databases now, so it is not reset\n']);
  const empty = clientHost(t, {mysql: client(0)}).run(forget);
  t.deepEqual([empty.code, empty.stdout], [0, "SET SESSION sql_mode='';\nRESET BINARY LOGS AND GTIDS;\n"]);
});

test('a server whose databases cannot be counted is not reset', (t) => {
  const host = clientHost(t, {mysql: 's=$(cat); case $s in *COUNT*) exit 1;; *) echo reset;; esac'});
  const {code, stdout} = host.run(forgetTransactions(reportOf({family: 'mysql', version: '9.7.4'})));
  t.deepEqual([code, stdout], [1, '']);
});

/** A client that counts how often it is asked, and then answers from a list of states: `IO,SQL`. The last one stays. */
const threads = (...states: readonly [string, string][]) => {
  const answers = states.map(
    ([io, sql], index) =>
      `${index === states.length - 1 ? '*' : index + 1}) printf '  Replica_IO_Running: ${io}\\n  Replica_SQL_Running: ${sql}\\n Last_IO_Error: %s\\n Last_SQL_Error: \\n Last_Worker_Error: bad row\\n' "$E";;`,
  );
  return `cat >/dev/null; echo x >>asked; E='no route'\ncase $(grep -c x asked) in\n${answers.join('\n')}\nesac`;
};

test('as soon as both threads run, waiting is over', (t) => {
  const host = clientHost(t, {mysql: threads(['Connecting', 'No'], ['Connecting', 'Yes'], ['Yes', 'Yes'])});
  t.deepEqual(host.run(awaitThreads(30)), {code: 0, stdout: '', stderr: '', truncated: false});
});

test('a thread that has stopped again ends the wait with the words of the server', (t) => {
  const {code, stdout, stderr} = clientHost(t, {mysql: threads(['No', 'Yes'])}).run(awaitThreads(30));
  t.deepEqual([code, stdout], [1, '']);
  t.is(
    stderr,
    'Replication does not run:\n  Replica_IO_Running: No\n  Replica_SQL_Running: Yes\n Last_IO_Error: no route\n Last_Worker_Error: bad row\n',
  );
});

test('a thread that never connects is waited for until the time is over', (t) => {
  const host = clientHost(t, {mysql: threads(['Connecting', 'Yes'])});
  const {code, stderr} = host.run(awaitThreads(5));
  t.is(code, 1);
  t.regex(stderr, /^Replication does not run:\n {2}Replica_IO_Running: Connecting\n/);
  t.is(host.count('asked'), 50, 'ten questions a second');
});

test('a server that no longer answers ends the wait', (t) => {
  const {code, stderr} = clientHost(t, {mariadb: 'cat >/dev/null; echo "ERROR 2002" >&2; exit 1'}).run(
    awaitThreads(30),
  );
  t.deepEqual([code, stderr], [1, 'ERROR 2002\n']);
});
