import {counted} from '../../model/index.js';
import {type Command, sh} from '../../shell/index.js';
import {literal, runStatements, type ServerFamily} from '../../tasks/mysql/client.js';
import {subtract} from '../gtid.js';
import type {GtidDifference} from '../gtid-difference.js';
import {DATABASE_DIRECTORY} from '../journal.js';
import type {ServerReport} from '../report.js';

/*
 * Transactions that only one server has: it committed them when nobody received them any longer. They are saved before
 * anything removes them, since somebody may have seen them.
 */

/** The file, by the name of the run. Statements that can be applied again by hand, with the rows in comments for people. */
export const ghostFile = (run: string) => `${DATABASE_DIRECTORY}/ghosts-${run}.sql.gz`;

/**
 * What a server has executed and a primary lacks. Where the primary was restored the numbers of both mean different
 * transactions: then it is all that the server has executed since the restored state.
 */
export function ghostsOf(own: ServerReport, primary: ServerReport): GtidDifference {
  return subtract(own.executed, own.restoredTo ?? primary.executed);
}

/** `1 transaction`, `7 transactions`, or `transactions` where their number is not known. */
export function manyOf({count}: GtidDifference): string {
  return count === 'unknown' ? 'transactions' : counted(count, 'transaction');
}

/** What the reader of a plan must know of the ghosts of a server. */
export function ghostWords(name: string, ghosts: GtidDifference, primary: string, run: string): string {
  const are = ghosts.count === 1 ? 'It is' : 'They are';
  return `${name} has ${manyOf(ghosts)} that ${primary} lacks (${ghosts.text}). ${are} saved to ${ghostFile(run)} there`;
}

/** How {@link saveGhosts} saves. */
interface SaveOptions {
  /** Saves what the logs still hold, and does not fail where they hold only a part. */
  readonly isPartial?: boolean;
}

/**
 * Saves these transactions from the server's binary logs, on disk before it returns, and prints the size of the file in
 * bytes. Fails when the logs do not hold them any longer.
 */
export function saveGhosts(
  family: ServerFamily,
  ghosts: GtidDifference,
  run: string,
  {isPartial = false}: SaveOptions = {},
): Command {
  const file = ghostFile(run);
  const logs = sh`$(${runStatements(family, ['SHOW BINARY LOGS;'])} | cut -f1)`;
  const start = family === 'mysql' ? '' : startOf(ghosts);
  const all = sh`mariadb-binlog --no-defaults --verbose ${logs}`;
  const after = sh`mariadb-binlog --no-defaults --verbose --start-position=${start} ${logs}`;
  const read =
    family === 'mysql'
      ? sh`mysqlbinlog --no-defaults --verbose --include-gtids=${ghosts.text} ${logs}`
      : start === ''
        ? all
        : isPartial
          ? sh`if ${after} >/dev/null 2>&1; then ${after}; else ${all}; fi`
          : after;
  const held = family === 'mysql' && !isPartial ? sh`${holdsAll(ghosts)} && ` : sh``;
  // Compressed at once: next to a full disk there is no room for the text.
  return sh`(umask 077 && mkdir -p ${DATABASE_DIRECTORY} && cd /var/lib/mysql && ${held}rm -f ${file}.code &&
{ { ${read}; } || echo failed >${file}.code; } | gzip -c >${file}.new && [ ! -e ${file}.code ] && [ -n "$(gzip -dc ${file}.new | head -c 1)" ] &&
mv ${file}.new ${file} && sync ${file} ${DATABASE_DIRECTORY} && stat -c %s ${file} || { rm -f ${file}.new ${file}.code; exit 1; })`;
}

/** The tool of MySQL leaves out what has been purged without a word. */
function holdsAll({text}: GtidDifference): Command {
  const left = `GTID_SUBTRACT(${literal(text)}, @@global.gtid_purged)`;
  const isGone = runStatements('mysql', [`SELECT GTID_SUBTRACT(${literal(text)}, ${left}) <> '';`]);
  return sh`{ [ "$(${isGone})" = 0 ] || { echo 'The binary logs no longer hold all of them.' >&2; false; }; }`;
}

/**
 * The last transaction of each domain before the first ghost. Empty, for all logs, where that is not known. Another server
 * may have written that one: of a start the tool regards the domain and the number alone.
 */
function startOf({ranges}: GtidDifference): string {
  const first = new Map<string, {readonly source: string; readonly from: bigint}>();
  for (const {source, from} of ranges) {
    if (from === undefined) return '';
    const [domain = '0'] = source.split('-');
    const known = first.get(domain);
    if (known === undefined || from < known.from) first.set(domain, {source, from});
  }
  return [...first.values()].map(({source, from}) => `${source}-${from - 1n}`).join(',');
}
