import {type Command, sh, showAs, uninterrupted} from '../../../shell/index.js';
import type {ServerFamily} from '../client.js';
import {RUN, STATE} from './places.js';
import {COMMON} from './programs.js';

/**
 * Puts the copy that is ready in the place of the data, starts the server and tells it its position. The old data is
 * kept next to it. Each move is a rename, and a file says which half has begun: when the host stops in between, the same
 * command goes on. For MySQL, whose CLONE has done this, it only says so.
 */
export function placeCopy(family: ServerFamily, service: string): Command {
  const place = family === 'mariadb' ? sh`unit=${service}; eval ${PLACE_MARIADB}` : sh`eval ${PLACE_MYSQL}`;
  return showAs(
    'replace the data by the copy, and start the server',
    uninterrupted(sh`( role=receive; eval ${COMMON}; ${place} )`),
  );
}

/**
 * What Debian keeps in the data directory about the version of its package comes along. A server that has the copy in its
 * place keeps its old data where it was put first: that of a seed before, which was not proven.
 */
const PLACE_MARIADB = `
places || exit
case $(phase) in ready|moving-*) ;; placed) exit 0 ;; *) echo "no copy is ready: $(phase)" >&2; exit 1 ;; esac
systemctl stop "$unit" || exit
if [ "$(phase)" = ready ]; then
  if [ -d "$o" ]; then rm -rf -- "$o.2"; say moving-out; mkdir -p -- "$o.2"; else mkdir -- "$o" && say moving-out || exit; fi
fi
if [ "$(phase)" = moving-out ]; then
  to=$o; [ ! -d "$o.2" ] || to=$o.2
  find "$d" -mindepth 1 -maxdepth 1 ! -path "$s" ! -path "$o" ! -path "$o.2" -exec mv -t "$to" -- {} + || exit
  find "$to" -maxdepth 1 -type f \\( -name 'debian-*.flag' -o -name '*_upgrade_info' \\) -exec ln -t "$s" -- {} + || exit
  rm -f -- "$s"/backup-my.cnf "$s"/mariadb_backup_* "$s"/xtrabackup_*
  say moving-in
fi
if [ -d "$s" ]; then find "$s" -mindepth 1 -maxdepth 1 -exec mv -t "$d" -- {} + && rmdir -- "$s" || exit; fi
rm -rf -- "$o.2"
systemctl start "$unit" || exit
printf "RESET MASTER; SET GLOBAL gtid_slave_pos = '%s';" "$(cat "$state/position")" | mariadb --skip-ssl || exit
mariadb --skip-ssl --batch --skip-column-names -e "SELECT CONCAT('ALTER DEFINER=', QUOTE(SUBSTRING_INDEX(definer, '@', 1)), '@', QUOTE(SUBSTRING_INDEX(definer, '@', -1)), ' EVENT \\\`', REPLACE(event_schema, '\\\`', '\\\`\\\`'), '\\\`.\\\`', REPLACE(event_name, '\\\`', '\\\`\\\`'), '\\\` DISABLE ON SLAVE;') FROM information_schema.events WHERE status = 'ENABLED'" |
  { echo 'SET SESSION sql_log_bin = 0;'; cat; } | mariadb --skip-ssl || exit
say placed
`;

const PLACE_MYSQL = `
case $(phase) in done) ;; *) echo "no copy is ready: $(phase)" >&2; exit 1 ;; esac
`;

/**
 * Takes back {@link placeCopy} of MariaDB: the old data returns to its place, and the copy is deleted. Does nothing where
 * no copy was put in place.
 */
export function takeBack(service: string): Command {
  return showAs(
    'put the old data back',
    uninterrupted(sh`( role=receive; unit=${service}; eval ${COMMON}; eval ${TAKE_BACK} )`),
  );
}

const TAKE_BACK = `
places || exit
case $(phase) in moving-*|placed) ;; *) exit 0 ;; esac
[ -d "$o" ] || exit 0
systemctl stop "$unit" || exit
mkdir -p -- "$s" || exit
[ "$(phase)" = moving-out ] || find "$d" -mindepth 1 -maxdepth 1 ! -path "$s" ! -path "$o" -exec mv -t "$s" -- {} + || exit
say moving-out
find "$o" -mindepth 1 -maxdepth 1 -exec mv -t "$d" -- {} + && rmdir -- "$o" && say none && rm -rf -- "$s" && systemctl start "$unit"
`;

/** Deletes the old data and what the seed has left: the copy has been proven. */
export function forgetOldData(): Command {
  return showAs(
    'delete the old data',
    sh`( role=receive; eval ${COMMON}; places || exit; case $(phase) in placed|done) ;; *) exit 0 ;; esac
rm -rf -- "$o" ${RUN} && rm -f -- ${[`${STATE}/position`, `${STATE}/receive.log`]} && say done )`,
  );
}
