import {askHost, mustRun, onHost, labTest as test} from './lab.js';
import {nothingToDo, type Site} from './site.js';
import {announced, applied, tasksOf} from './truth.js';

/** The tests of the database in transit, for a site that is up and has nothing to do. */
export function testDatabaseTls(suite: string, site: Site): void {
  const {primary, replica, inventory} = site;
  /** Over the network, from the replica to the primary, as a user without REQUIRE SSL. */
  const connect = async (options: 'plain' | 'verified', statement: string, authority = CA) => {
    return onHost(replica, `${client(options, authority)} -h ${at.primary} -u probe -pproof -N -e "${statement}"`);
  };
  const ioError = () => until(replica, 'Last_IO_Error: .');
  const at = {primary: '', replica: ''};

  test(`${suite}: plain text is refused, a verified connection is encrypted, one to a stranger is not made`, async (t) => {
    Object.assign(at, {primary: await addressOf(primary), replica: await addressOf(replica)});
    await sql(primary, `CREATE USER probe@'${at.replica}' IDENTIFIED BY 'proof'`);
    const plain = await connect('plain', 'SELECT 1');
    // MariaDB 10.11 answers as to a wrong password; the next connection shows that it is right.
    t.regex(plain.stderr, /ERROR (3159 .*insecure transport are prohibited|1045 .*Access denied)/);
    const verified = await connect('verified', "SHOW STATUS LIKE 'Ssl_cipher'");
    t.regex(verified.stdout, /Ssl_cipher\s+(TLS_|ECDHE)/, verified.stderr);
    await askHost(replica, `openssl req -x509 ${KEY} -subj /CN=stranger -keyout /dev/null -out /tmp/stranger.pem`);
    const stranger = await connect('verified', 'SELECT 1', '/tmp/stranger.pem');
    t.regex(stranger.stderr, /ERROR 2026 .*(certificate|SSL)/i);
    t.is(stranger.stdout, '');
    await sql(primary, `DROP USER probe@'${at.replica}'`);
  });

  test(`${suite}: replication is encrypted, by an account that requires it, and verified`, async (t) => {
    t.regex(await askHost(replica, STATUS), /_SSL_Allowed: Yes[\s\S]*_SSL_Verify_Server_Cert: Yes/);
    t.regex(await sql(primary, `SHOW CREATE USER replicator@'${at.replica}'`), /REQUIRE SSL/);
    const dump = `SELECT VARIABLE_VALUE FROM performance_schema.status_by_thread JOIN performance_schema.threads
USING (THREAD_ID) WHERE PROCESSLIST_COMMAND LIKE 'Binlog Dump%' AND VARIABLE_NAME = 'Ssl_cipher'`;
    // MariaDB keeps no such record unless it is told to.
    if (await isMysql(primary)) t.regex(await sql(primary, dump), /^(TLS_|ECDHE)/);
  });

  test(`${suite}: a certificate of the right authority with another name stops replication, apply brings it back`, async (t) => {
    const pair = await askHost(replica, 'cd /etc/mysql/tls; cat server.pem; echo KEY; cat server-key.pem');
    const [certificate = '', key = ''] = pair.split('KEY\n');
    await serve(primary, `cat >server.pem <<'E'\n${certificate}E\ncat >server-key.pem <<'E'\n${key}E`);
    await reconnect(replica);
    t.regex(await ioError(), /certificate/i);
    await mustRun(['apply', '--yes', ...inventory()]);
  });

  test(`${suite}: a certificate of another authority with the right name stops replication, apply brings it back`, async (t) => {
    const names = `-subj /CN=${primary} -addext subjectAltName=DNS:${primary},IP:${at.primary}`;
    await serve(
      primary,
      `openssl req -x509 ${KEY} ${names} -keyout server-key.pem -out server.pem; cp server.pem ca.pem`,
    );
    await reconnect(replica);
    t.regex(await ioError(), /SSL|certificate/i);
    await mustRun(['apply', '--yes', ...inventory()]);
  });

  test(`${suite}: a renewed certificate is in use at once, and no connection is cut for it`, async (t) => {
    const dump = "SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'";
    const serial = `openssl s_client -starttls mysql -connect ${at.primary}:3306 </dev/null 2>/dev/null |
openssl x509 -noout -serial`;
    const before = {thread: await sql(primary, dump), serial: await askHost(replica, serial)};
    await askHost(primary, 'rm /etc/mysql/tls/server.pem');
    t.deepEqual(tasksOf(await applied(inventory())), [`${primary} certificate /etc/mysql/tls/server.pem`]);
    t.is(await sql(primary, dump), before.thread);
    t.not(before.thread, '');
    t.not(await askHost(replica, serial), before.serial);
  });

  test(`${suite}: what weakens the database is found and fixed, and nothing else`, async (t) => {
    const app = "(SELECT CONCAT('app', CHAR(64), Host) FROM mysql.user WHERE User = 'app' LIMIT 1)";
    const host = (await sql(primary, `SELECT SUBSTRING_INDEX(${app}, '@', -1)`)).trim();
    await sql(
      primary,
      `GRANT PROCESS ON *.* TO app@'${host}'; ALTER USER replicator@'${at.replica}' REQUIRE NONE; CREATE DATABASE test;
CREATE USER ''@'localhost' IDENTIFIED BY 'x'; CREATE USER root@'%' IDENTIFIED BY 'x'`,
    );
    await sql(replica, 'SET GLOBAL read_only = OFF');
    const plan = await announced(inventory());
    const fixed = [
      `${primary} mysqlSecureInstallation accounts`,
      `${primary} mysqlUser app`,
      `${primary} mysqlUser replicator`,
      `${replica} mysqlReadOnly on`,
    ];
    t.deepEqual([...plan.certain].sort(), fixed);
    t.deepEqual([...(await applied(inventory()))].sort(), fixed);
    await nothingToDo(t, site);
  });

  test(`${suite}: each server says over HTTP what it is good for`, async (t) => {
    t.is(await health(primary, '/primary'), '200 primary');
    t.regex(await health(primary, '/replica'), /^503/);
    t.is(await health(replica, '/replica'), '200 0 s behind');
    t.is(await health(replica, '/primary'), '503 it is a replica');
    await askHost(primary, 'touch /etc/mysql/drain');
    t.regex(await health(primary, '/primary'), /^503 drained/);
    await askHost(primary, 'rm /etc/mysql/drain');
    await sql(replica, 'STOP REPLICA');
    t.regex(await health(replica, '/replica'), /^503/);
    await sql(replica, 'START REPLICA');
    await until(replica, '_IO_Running: Yes');
    t.is(await health(replica, '/replica'), '200 0 s behind');
  });
}

const CA = '/etc/mysql/tls/ca.pem';

const KEY = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30';

/** The client of either family: over the socket, or over the network in plain text or verified. */
function client(how: 'socket' | 'plain' | 'verified', authority = CA): string {
  const options = {
    socket: ['--skip-ssl', ''],
    plain: ['--skip-ssl', '--ssl-mode=DISABLED --get-server-public-key'],
    verified: [`--ssl-ca=${authority} --ssl-verify-server-cert`, `--ssl-ca=${authority} --ssl-mode=VERIFY_IDENTITY`],
  }[how];
  return `$(if command -v mariadb >/dev/null; then echo mariadb ${options[0]}; else echo mysql ${options[1]}; fi)`;
}

const sql = (host: string, text: string) => askHost(host, `${client('socket')} -N <<'E'\n${text};\nE`);

const STATUS = `echo 'SHOW REPLICA STATUS' | ${client('socket')} -E`;

const isMysql = async (host: string) => !/mariadb/i.test(await sql(host, 'SELECT VERSION()'));

async function addressOf(host: string): Promise<string> {
  return (await sql(host, 'SELECT @@bind_address')).trim().replace('127.0.0.1,', '');
}

/** Changes files of /etc/mysql/tls and has the server use them. */
async function serve(host: string, change: string): Promise<void> {
  await askHost(host, `cd /etc/mysql/tls && ${change}\nchown mysql server-key.pem; chmod 600 server-key.pem`);
  await sql(host, (await isMysql(host)) ? 'ALTER INSTANCE RELOAD TLS' : 'FLUSH LOCAL SSL');
}

const reconnect = (host: string) => sql(host, 'STOP REPLICA; START REPLICA');

/** Waits for a line of the replica's state, which it returns. */
function until(host: string, pattern: string): Promise<string> {
  return askHost(
    host,
    `for i in $(seq 60); do ${STATUS} | grep -- '${pattern}' && exit; sleep 0.5; done; ${STATUS}; exit 1`,
  );
}

/** Status and reason. Asked on the host itself: the firewall lets nobody else in but the balancers. */
async function health(host: string, path: string): Promise<string> {
  const [address, request] = [await addressOf(host), `GET ${path} HTTP/1.1\\r\\nHost: db\\r\\n\\r\\n`];
  const answer = await askHost(host, `bash -c 'exec 3<>/dev/tcp/${address}/9200; printf "${request}" >&3; cat <&3'`);
  return `${/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]} ${answer.split('\r\n\r\n')[1]?.trim()}`;
}
