/**
 * The recipient's program for MariaDB: waits at the port in the address `$1` of socat, takes the stream apart into a new
 * directory, and prepares it. Who does not have the key is turned away before anything is read, and it waits again. A copy
 * is whole when the mark has come that the sender puts behind it.
 */
export const RECEIVE_MARIADB = `role=receive; . /run/infra-seed/common
places || fail 'the data directory is not there'
since=$(date +%s)
while :; do
  say listening
  rm -rf -- "$s" "$run/receive.bytes"; mkdir -- "$s" || fail "$s cannot be made"
  socat -u "$1" STDOUT 2>"$run/socat.log" | perl "$run/meter" 0 "$run/receive.bytes" "$state/receive" receiving |
    mbstream -x -C "$s" 2>"$state/receive.log"
  [ ! -f "$s/infra-seed-complete" ] || break
  [ "$(phase)" = listening ] || fail "the copy ended before it was whole: $(tail -n 1 "$run/socat.log") $(tail -n 2 "$state/receive.log")"
  [ $(($(date +%s) - since)) -lt 600 ] || fail "no server sent a copy for 10 minutes. $(tail -n 1 "$run/socat.log")"
  sleep 0.2
done
rm -f -- "$s/infra-seed-complete" "$run/key.pem"
say preparing
mariadb-backup --prepare --target-dir="$s" >"$state/receive.log" 2>&1 || fail "mariadb-backup --prepare failed: $(tail -n 3 "$state/receive.log")"
rm -f "$state/position"
for f in mariadb_backup_binlog_info xtrabackup_binlog_info; do [ ! -f "$s/$f" ] || cut -f 3 "$s/$f" | tr -d '\\n' >"$state/position"; done
[ -f "$state/position" ] || fail 'the copy does not say up to which transaction it goes: the sender has no binary log'
chown -R mysql:mysql "$s" || fail "$s cannot be given to the server"
say ready
`;

/**
 * The sender's program for MariaDB: `$1` is the address of socat, `$2` the most bytes a second. What the backup says
 * stays in `send.log`.
 */
export const SEND_MARIADB = `role=send; . /run/infra-seed/common
say sending
rm -rf -- "$run/tmp" "$run/send.bytes"; mkdir -- "$run/tmp"; cd "$run" || fail "$run cannot be entered"
echo complete >infra-seed-complete
{ mariadb-backup --backup --stream=mbstream --target-dir="$run/tmp" 2>"$state/send.log" && mbstream -c infra-seed-complete; echo $? >code; } |
  perl meter "$2" send.bytes | socat -u STDIN "$1" 2>socat.log
sent=$?
rm -rf key.pem tmp
[ "$(cat code)" = 0 ] && [ $sent = 0 ] || fail "$(tail -n 3 "$state/send.log"; tail -n 1 socat.log)"
say sent
`;
