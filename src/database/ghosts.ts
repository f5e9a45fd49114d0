import {type Command, sh} from '../shell/index.js';
import {runStatements, type ServerFamily} from '../tasks/mysql/client.js';
import type {GtidDifference} from './gtid-difference.js';
import {DATABASE_DIRECTORY} from './journal.js';

/*
 * Transactions that only one server has: it committed them when nobody received them any longer. They are saved before
 * anything removes them, since somebody may have seen them.
 */

/** The file, by the name of the run. Statements that can be applied again by hand, with the rows in comments for people. */
export const ghostFile = (run: string) => `${DATABASE_DIRECTORY}/ghosts-${run}.sql.gz`;

/**
 * Saves these transactions from the server's binary logs, on disk before it returns, and prints the size of the file in
 * bytes. Fails when the logs do not hold them any longer.
 */
export function saveGhosts(family: ServerFamily, ghosts: GtidDifference, run: string): Command {
  const file = ghostFile(run);
  const logs = sh`$(${runStatements(family, ['SHOW BINARY LOGS;'])} | cut -f1)`;
  const read =
    family === 'mysql'
      ? sh`mysqlbinlog --no-defaults --verbose --include-gtids=${ghosts.text} ${logs}`
      : sh`mariadb-binlog --no-defaults --verbose ${startOf(ghosts) === '' ? [] : [`--start-position=${startOf(ghosts)}`]} ${logs}`;
  return sh`(umask 077 && mkdir -p ${DATABASE_DIRECTORY} && cd /var/lib/mysql && ${read} >${file}.sql && [ -s ${file}.sql ] &&
gzip -c ${file}.sql >${file}.new && rm ${file}.sql && mv ${file}.new ${file} && sync ${file} ${DATABASE_DIRECTORY} && stat -c %s ${file})`;
}

/** The last transaction of each domain before the first ghost. Empty, for all logs, where that is not known. */
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
