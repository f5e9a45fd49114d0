/** Where the two sides of a comparison keep what they have come to. */
export const CHECK_RUN = '/run/infra-check';

const COMMON = `cd ${CHECK_RUN} || exit 1
umask 077
sql() { $client --batch --skip-column-names --default-character-set=utf8mb4; }
fail() { printf '%s\\n' "$1" >failed; exit 1; }
seen() { n=0; until grep -q "$1" "$2" 2>/dev/null; do n=$((n + 1)); [ $n -lt "$3" ] || return 1; sleep 0.1; done; }
`;

/**
 * The primary's side: a snapshot, the transaction that it was taken at, and the chunks in it. MariaDB tells the position of
 * a snapshot in its binary log. MySQL does not: the tables of this window are locked for reading until the snapshot is
 * open, which takes a few milliseconds; where a transaction of a client holds one of them for more than two seconds, it is
 * given up.
 */
export const PRIMARY_PROGRAM = `${COMMON}
if [ "$family" = mariadb ]; then
  { echo "SET NAMES utf8mb4; SET time_zone = '+00:00', max_statement_time = $limit; START TRANSACTION WITH CONSISTENT SNAPSHOT;"
    echo "SELECT 'at', f, p, COALESCE(NULLIF(BINLOG_GTID_POS(f, p), ''), @@gtid_current_pos) FROM (SELECT (SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'binlog_snapshot_file') f, (SELECT variable_value FROM information_schema.session_status WHERE variable_name = 'binlog_snapshot_position') p) s;"
    cat queries; } | sql --unbuffered --force >out 2>errors
else
  rm -f lock; mkfifo lock || fail 'a pipe cannot be made'
  sql <lock >locked 2>errors &
  exec 3>lock
  { echo "SET lock_wait_timeout = 2;"; cat lock-tables; echo "SELECT 'locked', REPLACE(@@global.gtid_executed, '\\n', '');"; } >&3
  seen ^locked locked 40 || { exec 3>&-; fail "the tables are in use: $(tail -n 1 errors)"; }
  { echo "SET NAMES utf8mb4; SET time_zone = '+00:00', max_execution_time = \${limit}000; START TRANSACTION WITH CONSISTENT SNAPSHOT; SELECT 'at', '-', '-', '$(sed -n 's/^locked	//p' locked)';"
    cat queries; } | sql --unbuffered --force >out 2>>errors &
  seen ^at out 50; echo 'UNLOCK TABLES;' >&3; exec 3>&-
  wait
fi
: >done
`;

/**
 * The replica's side: it stops applying, waits for the transaction of the primary's snapshot, applies up to exactly that
 * one, opens a snapshot of its own there, and goes on applying. It receives all the time. \`RESUME\` runs in any case.
 */
export const REPLICA_PROGRAM = `${COMMON}
threads=$(echo 'SHOW REPLICA STATUS' | $client --vertical --default-character-set=utf8mb4)
case $threads in *_SQL_Running:\\ Yes*) ;; *) fail 'it does not apply the changes of its primary' ;; esac
: >stopped
echo 'STOP REPLICA SQL_THREAD;' | sql 2>errors || fail "it cannot be stopped: $(tail -n 1 errors)"
before=$(echo "$executed" | sql)
echo "$before" >ready
n=0; until [ -f position ]; do n=$((n + 1)); [ $n -lt 300 ] || fail 'the primary took no snapshot within 30 s'; sleep 0.1; done
read -r file offset gtid <position
if [ "$family" = mariadb ]; then
  start="START REPLICA SQL_THREAD UNTIL MASTER_LOG_FILE = '$file', MASTER_LOG_POS = $offset;"
  at="SELECT IF(@@gtid_slave_pos = '$gtid', 'yes', CONCAT('it is at ', @@gtid_slave_pos, ' and not at $gtid'))"
else
  start="START REPLICA SQL_THREAD UNTIL SQL_AFTER_GTIDS = '$gtid';"
  own="GTID_SUBTRACT('$before', '$gtid')"
  at="SELECT IF(GTID_SUBSET('$gtid', @@gtid_executed) AND GTID_SUBTRACT(GTID_SUBTRACT(@@gtid_executed, '$gtid'), $own) = '', 'yes', CONCAT('it is at ', REPLACE(@@gtid_executed, '\\n', ''), ' and not at $gtid'))"
fi
if [ "$(echo "$at" | sql)" != yes ]; then
  echo "$start" | sql 2>errors || fail "it cannot apply up to $gtid: $(tail -n 1 errors)"
  n=0; until [ "$(echo "$at" | sql)" = yes ]; do
    n=$((n + 1)); [ $n -lt 600 ] || fail "it does not come to the transaction of the primary within 60 s: $(echo "$at" | sql)"; sleep 0.1
  done
  echo 'STOP REPLICA SQL_THREAD;' | sql 2>errors
  [ "$(echo "$at" | sql)" = yes ] || fail "$(echo "$at" | sql)"
fi
if [ "$family" = mariadb ]; then limit="max_statement_time = $limit"; else limit="max_execution_time = \${limit}000"; fi
{ echo "SET NAMES utf8mb4; SET time_zone = '+00:00', $limit; START TRANSACTION WITH CONSISTENT SNAPSHOT; SELECT 'at', '-', '-', '$gtid';"
  cat queries; } | sql --unbuffered --force >out 2>errors &
seen ^at out 100 || fail "it cannot take a snapshot: $(tail -n 1 errors)"
[ "$(echo "$at" | sql)" = yes ] || fail "$(echo "$at" | sql)"
sh resume
wait
: >done
`;

/** Goes on applying, where the program of the replica had stopped that. */
export const RESUME = `cd ${CHECK_RUN} && [ -f stopped ] && echo 'START REPLICA SQL_THREAD;' | $client 2>/dev/null && rm -f stopped`;
