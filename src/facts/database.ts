import {type DatabaseFacts, UnreadableReply} from '../model/index.js';
import {type Command, raw} from '../shell/index.js';

/**
 * Who is the primary is read from the servers, at the beginning of each run. Prints `database.NAME=VALUE`, and nothing on
 * a host without a database server, at the cost of two tests of the shell. A server that does not answer within ten
 * seconds is not running, as far as a run is concerned; its databases are then the directories of its data. How large they
 * are the server knows by its statistics: to count their files takes seconds where there are many.
 */
export const databaseProbe: Command = raw(`dbs() { for d in /var/lib/mysql/*/; do d=\${d%/}; d=\${d##*/}
case $d in '*'|mysql|performance_schema|sys|'#'*|.*) ;; *) printf '%s ' "$d" ;; esac; done; }
if [ -x /usr/sbin/mariadbd ]; then f=mariadb c='mariadb --skip-ssl'; elif [ -x /usr/sbin/mysqld ]; then f=mysql c=mysql; else f=; fi
if [ -n "$f" ]; then printf '%s\\n' "database.family=$f" "database.directories=$(dbs)" \\
"database.files=$(find /var/lib/mysql -maxdepth 1 -type f ! -name '*bin.[0-9]*' ! -name 'relay-*' ! -name 'ib_logfile*' -printf '%s\\n' 2>/dev/null | { n=0; while read -r s; do n=$((n + s)); done; echo $n; })"
printf '%s\\n' "SELECT @@global.server_id AS id, @@global.read_only AS read_only, (SELECT GROUP_CONCAT(schema_name SEPARATOR ' ')
FROM information_schema.schemata WHERE schema_name NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')) AS names,
(SELECT CAST(SUM(clustered_index_size + sum_of_other_index_sizes) * @@innodb_page_size AS UNSIGNED) FROM mysql.innodb_table_stats) AS tables;
SHOW REPLICA STATUS;" | timeout 10 $c --vertical --connect-timeout=5 2>/dev/null | sed -n \\
-e 's/^ *id: /database.id=/p' -e 's/^ *read_only: /database.read_only=/p' -e 's/^ *names: /database.names=/p' -e 's/^ *tables: /database.tables=/p' \\
-e 's/^ *\\(Master\\|Source\\)_Host: /database.source=/p' -e 's/^ *\\(Master\\|Source\\)_Server_Id: /database.source_id=/p'; fi`);

/** Undefined for a host without a database server. Throws `UnreadableReply`. */
export function parseDatabase(values: Readonly<Record<string, string | undefined>>): DatabaseFacts | undefined {
  const value = (name: string) => values[`database.${name}`];
  const family = value('family');
  if (family === undefined) return undefined;
  if (family !== 'mariadb' && family !== 'mysql') throw new UnreadableReply(`the database server is "${family}"`);
  const readOnly = value('read_only');
  const isRunning = readOnly !== undefined;
  const names = isRunning ? value('names')?.replace(/^NULL$/, '') : value('directories');
  const address = value('source');
  return {
    family,
    isRunning,
    databases: (names ?? '').split(' ').filter((name) => name !== ''),
    size: numberOf(value('files')) + numberOf(value('tables')?.replace(/^NULL$/, '0')),
    isReadOnly: readOnly !== '0',
    serverId: numberOf(value('id')),
    ...(address && {source: {address, serverId: numberOf(value('source_id'))}}),
  };
}

function numberOf(text = '0'): number {
  if (/^\d{0,15}$/.test(text)) return Number(text);
  throw new UnreadableReply(`the facts of the database server have "${text.slice(0, 40)}"`);
}
