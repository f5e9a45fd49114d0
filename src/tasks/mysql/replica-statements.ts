import {type Command, type Secret, sh, showAs} from '../../shell/index.js';
import {
  askServer,
  COLUMNS,
  literal,
  runStatements,
  type Server,
  type ServerFamily,
  type Statements,
  secretLiteral,
} from './client.js';
import type {ReplicaReport} from './replica-status.js';

/** A primary and how to log in there. */
interface Primary {
  readonly source: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  /** File of the authority that the primary's certificate must come from; undefined: it is not checked. */
  readonly authority?: string | undefined;
}

/** Seconds between attempts to reach a primary that is away. */
const RETRY_SECONDS = 5;

/** One year of attempts. MySQL 8.4 and newer give up after 10 unless told otherwise. */
const RETRY_COUNT = (365 * 24 * 3600) / RETRY_SECONDS;

/** Sets the primary, positions found by GTID. Needs stopped threads. */
export function changeSource(family: ServerFamily, {source, port, user, password, authority}: Primary): Statements {
  const [statement, prefix, rest] =
    family === 'mariadb'
      ? ['MASTER', 'MASTER', 'MASTER_USE_GTID = slave_pos']
      : [
          'REPLICATION SOURCE',
          'SOURCE',
          `SOURCE_RETRY_COUNT = ${RETRY_COUNT}, SOURCE_AUTO_POSITION = 1, SOURCE_SSL = 1`,
        ];
  return [
    `CHANGE ${statement} TO ${prefix}_HOST = ${literal(source)}, ${prefix}_PORT = ${port}, ${prefix}_USER = ${literal(user)}, ${prefix}_PASSWORD = `,
    secretLiteral(password),
    `, ${prefix}_CONNECT_RETRY = ${RETRY_SECONDS}, ${rest}${verified(prefix, authority)};\n`,
  ];
}

/** Both families then compare the address they connect to with the certificate's names, IP addresses included. */
function verified(prefix: string, authority: string | undefined): string {
  if (authority === undefined) return '';
  const ssl = prefix === 'MASTER' ? ', MASTER_SSL = 1' : '';
  return `${ssl}, ${prefix}_SSL_CA = ${literal(authority)}, ${prefix}_SSL_VERIFY_SERVER_CERT = 1`;
}

/**
 * Forgets the transactions of a new server's installation, which its primary does not have. Fails when a database was
 * created since the plan: a server with data is never reset.
 */
export function forgetTransactions({server}: ReplicaReport): Command {
  const count = `SELECT COUNT(*) FROM information_schema.schemata
WHERE schema_name NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys');`;
  const reset =
    server.family === 'mariadb' ? "RESET MASTER;\nSET GLOBAL gtid_slave_pos = '';" : `RESET ${logsOf(server)};`;
  const guarded = sh`n=$(${runStatements(server.family, [count])}) && if [ "$n" = 0 ]; then ${runStatements(server.family, [reset])}
else echo 'this server holds databases now, so it is not reset' >&2; false; fi`;
  return showAs(`${server.family}: ${reset}`, guarded);
}

/** MySQL 8.2 renamed the statement, 8.4 dropped the old one. */
function logsOf({version}: Server): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 8 || (major === 8 && minor >= 2) ? 'BINARY LOGS AND GTIDS' : 'MASTER';
}

/**
 * Waits until both threads run. Fails with the server's own words as soon as one of them has stopped again, and after
 * `seconds` at the latest.
 */
export function awaitThreads(seconds: number): Command {
  const query = 'SHOW REPLICA STATUS;';
  const workers = `${query}
SELECT last_error_message AS Last_Worker_Error FROM performance_schema.replication_applier_status_by_worker
WHERE channel_name = '' AND last_error_number <> 0;`;
  return sh`(ask() { ${askServer({mariadb: query, mysql: workers}, COLUMNS)}
}
n=0
while o=$(ask) || exit
do
  case $o in
    *_IO_Running:\ Yes*_SQL_Running:\ Yes*) exit 0 ;;
    *_IO_Running:\ No*|*_SQL_Running:\ No*) [ $n -lt 20 ] || break ;;
  esac
  n=$((n + 1)); [ $n -lt ${10 * seconds} ] || break
  sleep 0.1
done
echo 'Replication does not run:' >&2
printf '%s\n' "$o" | grep -E '_(IO|SQL)_Running: |Last_(IO|SQL|Worker)_Error: .' >&2
exit 1)`;
}
