/** Asks the host's MySQL as root over its socket; statements on standard input. */
const SQL = `sql() { mysql --batch --skip-column-names --default-character-set=utf8mb4; }
`;

/**
 * Reads `USER ADDRESS PORT PASSWORD` from the sender, clones, tells the sender how far it is (`BYTES TOTAL`) and at the
 * end `done`. CLONE drops what the server has, and restarts it: what it came to is read from the new server. What was
 * cloned of the sender's own replication and its events would run here too: both are taken out, unlogged.
 */
export const TAKE_MYSQL = `role=receive; . /run/infra-seed/common
${SQL}say receiving; echo $$ >"$run/take.new"; mv "$run/take.new" "$run/take.pid"
read -r user address port password && [ -n "$password" ] || fail 'no account was lent'
exec 2>"$state/receive.log"
sql <<S || fail "the server cannot be prepared: $(tail -n 1 "$state/receive.log")"
SET SESSION sql_log_bin = 0;
SET GLOBAL super_read_only = OFF;
SET GLOBAL clone_valid_donor_list = '$address:$port';
$(cat "$run/trust")
S
(while sleep 1; do
  echo "SELECT COALESCE(SUM(data), 0), COALESCE(SUM(estimate), 0) FROM performance_schema.clone_progress" | sql 2>/dev/null |
    while read -r n of; do echo "$n $of" >"$run/receive.bytes.new"; mv "$run/receive.bytes.new" "$run/receive.bytes"; echo "$n $of"; done
done) &
told=$!
before=$(systemctl show mysql --property=ExecMainStartTimestampMonotonic)
sql <<S
CLONE INSTANCE FROM '$user'@'$address':$port IDENTIFIED BY '$password' REQUIRE SSL;
S
n=0
until status=$(echo "SELECT state, error_no, error_message FROM performance_schema.clone_status" | sql 2>/dev/null)
do
  n=$((n + 1)); [ $n -lt 600 ] || fail 'the server did not come back within 10 minutes after it was cloned'
  systemctl is-active --quiet mysql || systemctl start mysql
  sleep 1
done
kill $told
case $status in Completed*) ;; *)
  echo 'SET GLOBAL super_read_only = ON;' | sql
  fail "CLONE failed: $status $(grep ERROR "$state/receive.log" | tail -n 1)" ;; esac
[ "$(systemctl show mysql --property=ExecMainStartTimestampMonotonic)" != "$before" ] || fail "the server was not restarted: $(tail -n 1 "$state/receive.log")"
{ echo "SET SESSION sql_log_bin = 0; SET GLOBAL super_read_only = OFF; STOP REPLICA; RESET REPLICA ALL; DROP USER IF EXISTS '$user'@'$(cat "$run/self")';"
  echo "SELECT CONCAT('ALTER DEFINER=', QUOTE(SUBSTRING_INDEX(definer, '@', 1)), '@', QUOTE(SUBSTRING_INDEX(definer, '@', -1)), ' EVENT \\\`', REPLACE(event_schema, '\\\`', '\\\`\\\`'), '\\\`.\\\`', REPLACE(event_name, '\\\`', '\\\`\\\`'), '\\\` DISABLE ON REPLICA;') FROM information_schema.events WHERE status = 'ENABLED' AND event_schema <> 'sys'" | sql
  echo 'SET GLOBAL super_read_only = ON;'
} | sql || fail "the clone cannot be cleaned: $(tail -n 1 "$state/receive.log")"
say ready
echo done
`;

/** CLONE has put the copy in its place already. */
export const FINISH_MYSQL = 'say done';

/**
 * The sender's program for MySQL: lends an account that may be used from the recipient's address `$2` alone, over TLS, for
 * as long as the recipient clones. `$1` is the address of socat, `$3` the most MiB a second, `$4` and `$5` the address
 * and port of this server.
 */
export const SEND_MYSQL = `role=send; . /run/infra-seed/common
${SQL}say sending
rm -f "$run/send.bytes" "$run/returned"; cd "$run" || fail "$run cannot be entered"
echo "$2" >borrower
password=$(head -c 24 /dev/urandom | base64)
sh return
echo "SELECT CONCAT('SET GLOBAL clone_max_network_bandwidth = ', @@clone_max_network_bandwidth, ', clone_max_data_bandwidth = ', @@clone_max_data_bandwidth, ';')" | sql >limits 2>send.err
{ echo "SET SESSION sql_log_bin = 0; SET @was = @@global.super_read_only; SET GLOBAL super_read_only = OFF;"
  echo "CREATE USER 'infra_seed'@'$2' IDENTIFIED BY '$password' REQUIRE SSL; GRANT BACKUP_ADMIN ON *.* TO 'infra_seed'@'$2';"
  echo "SET GLOBAL clone_max_network_bandwidth = $3, clone_max_data_bandwidth = $3; SET GLOBAL super_read_only = @was;"
} | sql 2>"$state/send.log" || fail "no account can be lent: $(tail -n 1 "$state/send.log")"
echo "infra_seed $4 $5 $password" >login
socat "$1" EXEC:"sh $run/lend" 2>socat.log
sh return; rm -f key.pem
[ -f returned ] || fail "the recipient did not clone the whole server. $(tail -n 1 socat.log)"
say sent
`;

/** Hands the account over, and keeps what the recipient tells of how far it is. */
export const LEND = `cd /run/infra-seed && cat login && rm login
while read -r n of; do
  if [ "$n" = done ]; then : >returned; exit; fi
  echo "$n $of" >send.bytes.new; mv send.bytes.new send.bytes
done
`;

/** Drops the account and restores the limits: also when the sender's program was ended. */
export const RETURN = `cd /run/infra-seed || exit 0
{ echo "SET SESSION sql_log_bin = 0; SET @was = @@global.super_read_only; SET GLOBAL super_read_only = OFF;"
  echo "DROP USER IF EXISTS 'infra_seed'@'$(cat borrower)';"
  cat limits 2>/dev/null
  echo "SET GLOBAL super_read_only = @was;"
} | mysql 2>/dev/null
rm -f limits login
`;
