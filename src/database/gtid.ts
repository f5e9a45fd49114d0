import type {ServerFamily} from '../tasks/mysql/client.js';
import type {GtidDifference} from './gtid-difference.js';
import {
  executedByMariadb,
  type MariadbGtids,
  parseMariadb,
  positionOfDomains,
  renderMariadb,
  subtractMariadb,
  uniteMariadb,
} from './gtid-mariadb.js';
import {type MysqlGtids, parseMysql, renderMysql, subtractMysql, uniteMysql} from './gtid-mysql.js';

/**
 * Transactions by their global identifiers: what a server has executed, or has received.
 *
 * MySQL prints exact sets (`gtid_executed`, `Retrieved_Gtid_Set`). MariaDB prints only ends: the last sequence number
 * of each domain (`gtid_slave_pos`, `gtid_binlog_pos`, `Gtid_IO_Pos`) or of each domain and server
 * (`gtid_binlog_state`). An end stands for the whole history before it; see `subtractMariadb` for what that means where
 * histories differ. What a server of MariaDB has executed is the union of its `gtid_binlog_state` and its
 * `gtid_slave_pos`: a copy of another server knows the past only by the latter. What it has received is that union
 * with `Gtid_IO_Pos`.
 */
export type Gtids = MysqlGtids | MariadbGtids;

/** What a server answers about the transactions that it has executed. */
export type ExecutedAnswer =
  | {readonly family: 'mysql' /** `@@gtid_executed` */; readonly executed: string}
  | {
      readonly family: 'mariadb';
      /** `@@gtid_binlog_state` */
      readonly binlogState: string;
      /** `@@gtid_slave_pos` */
      readonly slavePosition: string;
    };

/** What a server has executed. Throws `UnreadableReply`. */
export function executedOf(answer: ExecutedAnswer): Gtids {
  return answer.family === 'mysql'
    ? parseMysql(answer.executed)
    : executedByMariadb(answer.binlogState, answer.slavePosition);
}

/**
 * Reads a server's answer, or the union of several. Blanks and line breaks are ignored, an empty text is an empty set.
 * Throws `UnreadableReply` with the beginning of any other text.
 */
export function parseGtids(family: ServerFamily, ...texts: readonly string[]): Gtids {
  return texts.map((text) => parseOne(family, text)).reduce(union, parseOne(family, ''));
}

/** The transactions of both. */
export function union(left: Gtids, right: Gtids): Gtids {
  if (left.family === 'mysql' && right.family === 'mysql') return uniteMysql(left, right);
  if (left.family === 'mariadb' && right.family === 'mariadb') return uniteMariadb(left, right);
  throw mixed();
}

/**
 * What `left` has and `right` lacks. Between the old primary's history and the present one's, these are the ghosts:
 * transactions that nobody else has.
 */
export function subtract(left: Gtids, right: Gtids): GtidDifference {
  if (left.family === 'mysql' && right.family === 'mysql') return subtractMysql(left, right);
  if (left.family === 'mariadb' && right.family === 'mariadb') return subtractMariadb(left, right);
  throw mixed();
}

/** Whether `left` certainly has everything that `right` has. */
export function contains(left: Gtids, right: Gtids): boolean {
  return subtract(right, left).count === 0;
}

/** Whether `candidate` certainly has everything that each of `others` has: it may be promoted. */
export function holdsAll(candidate: Gtids, others: readonly Gtids[]): boolean {
  return others.every((other) => contains(candidate, other));
}

/** How many transactions; for MariaDB at most this many. */
export function count(gtids: Gtids): number {
  const found = subtract(gtids, parseOne(gtids.family, '')).count;
  // The difference to nothing is never unknown.
  return found === 'unknown' ? Number.POSITIVE_INFINITY : found;
}

export function isEmpty(gtids: Gtids): boolean {
  return gtids.family === 'mysql' ? gtids.sets.size === 0 : gtids.domains.size === 0;
}

/** In the server's own notation, in a fixed order: `parseGtids` gives the same value back. */
export function render(gtids: Gtids): string {
  return gtids.family === 'mysql' ? renderMysql(gtids) : renderMariadb(gtids);
}

/**
 * What a server can be told to wait for, or be attached at: the set itself for MySQL (`WAIT_FOR_EXECUTED_GTID_SET`), the
 * last transaction of each domain for MariaDB (`MASTER_GTID_WAIT`, `gtid_slave_pos`).
 */
export function renderPosition(gtids: Gtids): string {
  return gtids.family === 'mysql' ? renderMysql(gtids) : positionOfDomains(gtids);
}

function parseOne(family: ServerFamily, text: string): Gtids {
  return family === 'mysql' ? parseMysql(text) : parseMariadb(text);
}

const mixed = () => new TypeError('GTIDs of MySQL and of MariaDB cannot be compared');
