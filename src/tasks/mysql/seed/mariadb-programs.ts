/**
 * The recipient's program, with the address of socat as `$1`: waits until a connection was made with the key of this
 * transfer and has ended; `take` has then read it, and what else is to be done with the copy is in `finish`. Who does not
 * have the key is turned away before anything is read. After the first connection with it it no longer listens.
 */
export const RECEIVE = `role=receive; . /run/infra-seed/common
rm -f "$run/receive.bytes" "$run/take.pid"
say listening
socat "$1,fork,max-children=1" EXEC:"sh $run/take" 2>"$run/socat.log" &
listener=$!
n=0
until [ -f "$run/take.pid" ]; do
  kill -0 $listener 2>/dev/null || fail "nothing can be received: $(tail -n 1 "$run/socat.log")"
  n=$((n + 1)); [ $n -lt 216000 ] || { kill $listener; fail 'no server sent a copy for 12 hours'; }
  sleep 0.2
done
kill $listener
while kill -0 "$(cat "$run/take.pid")" 2>/dev/null; do sleep 0.5; done
rm -f "$run/key.pem"
[ "$(phase)" != failed ] || exit 1
. "$run/finish"
`;

/** Takes the stream apart into a new directory. A copy is whole when the mark has come that the sender puts behind it. */
export const TAKE_MARIADB = `role=receive; . /run/infra-seed/common
say receiving; echo $$ >"$run/take.new"; mv "$run/take.new" "$run/take.pid"
places || fail 'the data directory is not there'
rm -rf -- "$s"; mkdir -- "$s" || fail "$s cannot be made"
perl "$run/meter" 0 "$run/receive.bytes" | mbstream -x -C "$s" 2>"$state/receive.log"
[ -f "$s/infra-seed-complete" ] || fail "the copy ended before it was whole. $(tail -n 1 "$run/socat.log") $(tail -n 2 "$state/receive.log")"
rm -f -- "$s/infra-seed-complete"
say preparing
`;

/** Makes a consistent copy of what came, and keeps up to which transaction it goes. */
export const FINISH_MARIADB = `[ "$(phase)" = preparing ] || fail 'the copy was not received'
places || fail 'the data directory is not there'
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
