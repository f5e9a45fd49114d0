import {UnreadableReply} from '../model/index.js';
import type {GtidDifference, GtidRange} from './gtid-difference.js';

/** The ends of a history of MariaDB: the last sequence number of each server, by domain. */
export interface MariadbGtids {
  readonly family: 'mariadb';
  /** By domain: the last number by server. Never an empty map inside. */
  readonly domains: ReadonlyMap<number, ReadonlyMap<number, bigint>>;
  /** Whether every server that ever wrote in this history has its end here. A copy may lack those of before. */
  readonly complete: boolean;
}

/** One domain of a history: the last sequence number by server. */
type Ends = ReadonlyMap<number, bigint>;

/** Domain and server are numbers of 32 bits, the sequence of 64 (https://mariadb.com/kb/en/gtid/). */
const MOST_ID = 2 ** 32 - 1;
const MOST_SEQUENCE = 2n ** 64n - 1n;
const GTID = /^(\d{1,10})-(\d{1,10})-(\d{1,20})$/;

/** Reads `0-1-100,0-2-120`, a position or a state, with blanks and line breaks. Throws `UnreadableReply`. */
export function parseMariadb(text: string): MariadbGtids {
  const domains = new Map<number, Map<number, bigint>>();
  for (const part of text.split(',').map((each) => each.trim())) {
    if (part === '') continue;
    const [, domain, server, sequence] = GTID.exec(part) ?? [];
    const number = BigInt(sequence ?? MOST_SEQUENCE + 1n);
    if (Number(domain) > MOST_ID || Number(server) > MOST_ID || number > MOST_SEQUENCE) {
      throw new UnreadableReply(`this is not a list of GTIDs of MariaDB: ${text.slice(0, 80)}`);
    }
    // The server begins with 1.
    if (number > 0n) raise(domains, Number(domain), Number(server), number);
  }
  return {family: 'mariadb', domains, complete: false};
}

/**
 * What a server has executed: a copy of another one knows the past only by its position. A server without a position
 * never was a copy, so it has logged everything that it has.
 */
export function executedByMariadb(binlogState: string, slavePosition: string): MariadbGtids {
  const position = parseMariadb(slavePosition);
  return {...uniteMariadb(parseMariadb(binlogState), position), complete: position.domains.size === 0};
}

/** Of two answers about the same history. */
export function uniteMariadb(left: MariadbGtids, right: MariadbGtids): MariadbGtids {
  const domains = new Map<number, Map<number, bigint>>();
  for (const {domains: each} of [left, right]) {
    for (const [domain, ends] of each) for (const [server, end] of ends) raise(domains, domain, server, end);
  }
  return {family: 'mariadb', domains, complete: left.complete || right.complete};
}

/**
 * What `left` has and `right` lacks, from their ends alone.
 *
 * In one domain a history is a chain: with `gtid_strict_mode` each number is greater than the one before, whichever
 * server wrote it. Two chains that differ have a common beginning. So in each domain:
 * - if `right` knows the last transaction of `left` (an end of the same server that is not smaller), it has all;
 * - else the common beginning reaches to the greatest number up to which both have transactions of the same server, and
 *   all of `left` after it is missing: of `0-1-500`, a history with `0-1-450,0-2-520` lacks 451 to 500, whatever 520 says;
 * - a history that is not complete began as a copy: servers that wrote only before that copy have no end in it, and a
 *   common beginning could reach further than its ends show. As each end that it does have lies after the copy, the
 *   answer is certain where the smallest of them is not beyond the common beginning, and else `unknown`.
 *
 * What ends cannot show: a server that wrote a number, lost it (its binary log was truncated after a failover) and
 * wrote it again as primary. A primary does see it in its binary log and refuses such a replica (error 1236).
 */
export function subtractMariadb(left: MariadbGtids, right: MariadbGtids): GtidDifference {
  const found = sorted(left.domains).map(([domain, ends]) => {
    const there = right.domains.get(domain);
    // A copy has the positions of all domains: this one has never been there.
    if (there === undefined) return {known: true, ranges: tail(domain, ends, 0n)};
    return lacking(domain, {ends, complete: left.complete}, {ends: there, complete: right.complete});
  });
  const ranges = found.flatMap((each) => each.ranges);
  const unknown = found.some(({known}) => !known);
  const total = ranges.reduce((sum, {from, to}) => sum + to - (from ?? to) + 1n, 0n);
  const text = ranges.map(renderRange).join(', ');
  return {count: unknown ? 'unknown' : Number(total), ranges, text: unknown ? `at most ${text}` : text};
}

/** In the notation of `gtid_binlog_state`, sorted. */
export function renderMariadb({domains}: MariadbGtids): string {
  return sorted(domains)
    .flatMap(([domain, ends]) => sorted(ends).map(([server, end]) => `${domain}-${server}-${end}`))
    .join(',');
}

/** The last transaction of each domain. */
export function positionOfDomains({domains}: MariadbGtids): string {
  return sorted(domains)
    .flatMap(([domain, ends]) =>
      byEnd(ends)
        .slice(-1)
        .map(([server, end]) => `${domain}-${server}-${end}`),
    )
    .join(',');
}

/** One domain of one side. */
interface Chain {
  readonly ends: Ends;
  readonly complete: boolean;
}

function lacking(domain: number, here: Chain, there: Chain): {known: boolean; ranges: readonly GtidRange[]} {
  const shared = [...here.ends].flatMap(([server, end]) => {
    const other = there.ends.get(server);
    return other === undefined ? [] : [{server, end, other}];
  });
  const bothComplete = here.complete && there.complete;
  const common = greatest(shared.map(({end, other}) => least(end, other))) ?? (bothComplete ? 0n : undefined);
  const after = tail(domain, here.ends, common);
  // A server whose last transactions are missing although later ones are there: the chains were joined by hand.
  const joined = shared
    .filter(({end, other}) => end > other && end <= (common ?? 0n))
    .map(({server, end, other}) => ({source: `${domain}-${server}`, from: other + 1n, to: end}));
  const absent = [...here.ends].some(([server, end]) => !there.ends.has(server) && end > (common ?? 0n));
  // A history that ends with the common beginning has nothing after it.
  const isBeginning = common !== undefined && [...there.ends.values()].every((end) => end <= common);
  const isKnown = reachesBack(here, common) && (!absent || reachesBack(there, common));
  const known = after.length === 0 || isBeginning || isKnown;
  return {known, ranges: [...joined, ...after]};
}

/** Whether the ends show everything of the chain after a number. */
function reachesBack({ends, complete}: Chain, after: bigint | undefined): boolean {
  return complete || (after !== undefined && [...ends.values()].some((end) => end <= after));
}

/** What comes after a number, in pieces that end with the last transaction of a server. */
function tail(domain: number, ends: Ends, after: bigint | undefined): GtidRange[] {
  let last = after;
  return byEnd(ends).flatMap(([server, to]) => {
    if (last !== undefined && to <= last) return [];
    const from = last === undefined ? undefined : last + 1n;
    last = to;
    return [{source: `${domain}-${server}`, from, to}];
  });
}

function renderRange({source, from, to}: GtidRange): string {
  if (from === to) return `${source}-${to}`;
  return `${source}-${from ?? '?'}…${to}`;
}

function raise(domains: Map<number, Map<number, bigint>>, domain: number, server: number, end: bigint): void {
  const ends = domains.get(domain) ?? new Map<number, bigint>();
  domains.set(domain, ends.set(server, greatest([end, ends.get(server) ?? 0n]) ?? end));
}

const sorted = <Value>(map: ReadonlyMap<number, Value>) => [...map].sort(([one], [other]) => one - other);
const byEnd = (ends: Ends) => [...ends].sort(([, one], [, other]) => (one < other ? -1 : one > other ? 1 : 0));
const least = (one: bigint, other: bigint) => (one < other ? one : other);
const greatest = (numbers: readonly bigint[]) =>
  numbers.reduce<bigint | undefined>((most, each) => (most === undefined || each > most ? each : most), undefined);
