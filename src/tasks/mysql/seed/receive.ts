import {type Command, join, type Secret, sh, showAs} from '../../../shell/index.js';
import {literal, type ServerFamily} from '../client.js';
import {FINISH_MARIADB, RECEIVE, TAKE_MARIADB} from './mariadb-programs.js';
import {FINISH_MYSQL, TAKE_MYSQL} from './mysql-programs.js';
import {takeBack} from './place.js';
import {RECIPIENT_PHASE, RUN, SEED_PORT, STATE, unitOf} from './places.js';
import {COMMON} from './programs.js';
import {listenAddress, startUnit} from './units.js';

/** A server that takes over the data of another one. */
export interface Receiving {
  readonly family: ServerFamily;
  /** Its own address, at which it waits. */
  readonly address: string;
  /** About how large the copy is, in bytes. */
  readonly size: number;
  /** The file with the authority from which the sender's certificate must come (MySQL; MariaDB uses the key alone). */
  readonly authority?: string | undefined;
  /** Of this transfer; `makeTransferKey`. */
  readonly key: Secret;
  /** The server that the copy is of: a copy of another one is not kept. */
  readonly origin: string;
  /** The unit of the server, without `.service`. */
  readonly service: string;
}

/**
 * Has the recipient wait for its copy. One of the same origin that is on its way already, or has arrived within the last
 * day, is kept: a run that was ended goes on where the hosts are. One that is half in the place of the data and of another
 * origin is taken back first. Fails when the copy does not fit on the disk next to the present data.
 */
export function startReceiving({family, address, size, authority, key, origin, service}: Receiving): Command {
  const files: Record<string, string> =
    family === 'mariadb'
      ? {receive: RECEIVE, take: TAKE_MARIADB, finish: FINISH_MARIADB}
      : {receive: RECEIVE, take: TAKE_MYSQL, finish: FINISH_MYSQL};
  if (family === 'mysql') {
    files.trust = authority === undefined ? '' : `SET GLOBAL clone_ssl_ca = ${literal(authority)};`;
    files.self = address;
  }
  const start = join([
    family === 'mariadb' ? room(size) : plugin(true),
    sh`rm -f ${ORIGIN}`,
    startUnit({role: 'receive', files, args: [listenAddress(address)], key}),
    sh`printf '%s\n' ${origin} >${ORIGIN}`,
    LISTENING,
  ]);
  return showAs(
    `wait for the copy at ${address}`,
    sh`set -- "$(find ${RECIPIENT_PHASE} -mtime -1 -exec cat {} + 2>/dev/null)"
[ "$(cat ${ORIGIN} 2>/dev/null)" = ${origin} ] || { case $1 in moving-*) ${takeBack(service)} || exit ;; esac; set -- none; }
case $1 in
  receiving|preparing) systemctl is-active --quiet ${unitOf('receive')} || set -- none ;;
esac
case $1 in
  receiving|preparing|ready|moving-*|placed) ;;
  *) ${start} ;;
esac`,
  );
}

/** The server that the copy on this host is of. */
const ORIGIN = `${STATE}/receive.origin`;

/** Has the next run begin again, whatever has arrived. */
export const distrustCopy: Command = sh`rm -f ${ORIGIN}`;

/** Waits until the port is open: state 0A of the kernel's table is LISTEN. The sender asks for it next. */
const PORT = SEED_PORT.toString(16).toUpperCase().padStart(4, '0');
const LISTENING = sh`( n=0; until cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ${`:${PORT} 0*:0000 0A`}; do
n=$((n + 1)); [ $n -lt 50 ] || { echo 'nothing listens:' "$(cat ${`${STATE}/receive.error`} ${`${RUN}/socat.log`} 2>/dev/null)" >&2; exit 1; }; sleep 0.2; done )`;

/** Ends what waits, and removes what it has received. The data of the server stays as it is. */
export function stopReceiving(family: ServerFamily): Command {
  const unit = `${unitOf('receive')}.service`;
  const remove = sh`( role=receive; eval ${COMMON}; places && case $(phase) in moving-*|placed) ;; *) rm -rf -- "$s"; say none ;; esac )`;
  const stop = sh`systemctl stop ${unit} 2>/dev/null; systemctl reset-failed ${unit} 2>/dev/null`;
  return showAs('end the wait for the copy', family === 'mariadb' ? sh`${stop}; ${remove}` : sh`${stop}; true`);
}

/** A tenth more than the copy: what is written in the meantime comes along. The old data stays until the end. */
function room(size: number): Command {
  return sh`( role=receive; eval ${COMMON}; places || exit; command -v mariadb-backup socat >/dev/null || { echo 'mariadb-backup and socat must be installed' >&2; exit 1; }
free=$(df --output=avail -B 1 -- "$d" | tail -n 1)
[ "$free" -gt ${Math.ceil(size * 1.1)} ] || { echo "the copy needs ${Math.ceil((size * 1.1) / 1e6)} MB next to the present data, and $((free / 1000000)) MB are free" >&2; exit 1; } )`;
}

/**
 * Loads the plugin that clones, where it is not loaded. On a server that is read-only even for root that is taken off
 * for the moment.
 */
export function plugin(isReadOnly: boolean): Command {
  const install = `SET SESSION sql_log_bin = 0; SET @was = @@global.super_read_only; ${isReadOnly ? 'SET GLOBAL super_read_only = OFF; ' : ''}INSTALL PLUGIN clone SONAME 'mysql_clone.so'; SET GLOBAL super_read_only = @was;`;
  const ask = "SELECT 1 FROM information_schema.plugins WHERE plugin_name = 'clone' AND plugin_status = 'ACTIVE';";
  return sh`{ command -v socat >/dev/null || { echo 'socat must be installed' >&2; false; }; } && { [ -n "$(printf %s ${ask} | mysql -BN)" ] || printf %s ${install} | mysql; }`;
}
