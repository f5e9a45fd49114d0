import {contains, parseGtids} from '../gtid.js';
import {parseMariadb} from '../gtid-mariadb.js';
import type {Backup, BinaryLog} from './backups.js';

/** The binary logs of one server with which a backup can be brought to a later time. */
export interface LogsToReplay {
  readonly logs: readonly BinaryLog[];
  /** Up to when these logs reach: when the last one was closed, in ISO 8601, UTC. */
  readonly reaches: string;
}

/**
 * The logs that go on from a backup: of one chain, from the last log that begins before the backup's end, up to the
 * first that was closed after `until` (all, without it). Of several servers' chains the one that reaches furthest is
 * taken. Undefined where no chain goes on from the backup.
 */
export function logsAfter(
  backup: Backup,
  logs: readonly BinaryLog[],
  until: Date | undefined,
): LogsToReplay | undefined {
  const chains = new Map<string, BinaryLog[]>();
  for (const log of logs.filter(({family}) => family === backup.family)) {
    const name = `${log.host} ${log.chain}`;
    chains.set(name, [...(chains.get(name) ?? []), log]);
  }
  const found = [...chains.values()].flatMap((chain) => {
    const after = chainAfter(backup, chain, until);
    const last = after.at(-1);
    return last ? [{logs: after, reaches: last.closed}] : [];
  });
  return found.sort((left, right) => (left.reaches < right.reaches ? 1 : -1))[0];
}

function chainAfter(backup: Backup, chain: readonly BinaryLog[], until: Date | undefined): readonly BinaryLog[] {
  const logs = [...chain].sort((left, right) => left.number - right.number);
  const first = logs.findLastIndex((log) => beginsWithin(log, backup));
  if (first < 0) return [];
  const after = upToGap(logs.slice(first));
  // A server that went another way (it was replaced, and wrote transactions that nobody else has) lacks the backup's.
  if (after.slice(1).some((log) => !holds(log, backup))) return [];
  const end = until === undefined ? -1 : after.findIndex(({closed}) => Date.parse(closed) >= until.getTime());
  return end < 0 ? after : after.slice(0, end + 1);
}

/** Whether the backup has everything that came before the log. */
function beginsWithin({family, from}: BinaryLog, {gtid}: Backup): boolean {
  if (family === 'mysql') return contains(parseGtids(family, gtid), parseGtids(family, from));
  // With strict mode the numbers of a domain only grow, whichever server writes.
  const has = lastNumbers(gtid);
  return [...lastNumbers(from)].every(([domain, number]) => number <= (has.get(domain) ?? -1n));
}

/** Whether everything in the backup came before the log. */
function holds({family, from}: BinaryLog, {gtid}: Backup): boolean {
  return contains(parseGtids(family, from), parseGtids(family, gtid));
}

/** The last number of each domain. */
function lastNumbers(text: string): ReadonlyMap<number, bigint> {
  const {domains} = parseMariadb(text);
  return new Map(
    [...domains].map(([domain, ends]) => [
      domain,
      [...ends.values()].sort((one, other) => (one < other ? 1 : -1))[0] ?? 0n,
    ]),
  );
}

function upToGap(logs: readonly BinaryLog[]): readonly BinaryLog[] {
  const gap = logs.findIndex(({number}, index) => index > 0 && number !== (logs[index - 1]?.number ?? 0) + 1);
  return gap < 0 ? logs : logs.slice(0, gap);
}
