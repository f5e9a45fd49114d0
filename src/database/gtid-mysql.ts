import {UnreadableReply} from '../model/index.js';
import type {GtidDifference} from './gtid-difference.js';

/** An exact set of MySQL. */
export interface MysqlGtids {
  readonly family: 'mysql';
  /** By `UUID` or `UUID:TAG`, in lower case: intervals in order that neither touch nor overlap; never none. */
  readonly sets: ReadonlyMap<string, readonly GtidInterval[]>;
}

/** Both ends belong to it. */
interface GtidInterval {
  readonly from: bigint;
  readonly to: bigint;
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
/** https://dev.mysql.com/doc/refman/9.5/en/replication-gtids-concepts.html: at most 32 characters. */
const TAG = /^[a-z_][a-z\d_]{0,31}$/;
const INTERVAL = /^(\d{1,19})(?:-(\d{1,19}))?$/;
/** Exclusive; from the same page. */
const LAST = 2n ** 63n - 1n;

/** Reads `UUID:1-5:7,UUID:TAG:1-3`, with blanks and line breaks anywhere between. Throws `UnreadableReply`. */
export function parseMysql(text: string): MysqlGtids {
  const sets = new Map<string, GtidInterval[]>();
  for (const part of text.toLowerCase().replaceAll(/\s/g, '').split(',')) {
    if (part === '') continue;
    const [uuid = '', ...rest] = part.split(':');
    if (!UUID.test(uuid) || rest.length === 0 || !addParts(sets, uuid, rest)) {
      throw new UnreadableReply(`this is not a set of GTIDs of MySQL: ${text.slice(0, 80)}`);
    }
  }
  return normal(sets);
}

/** A tag holds for the intervals after it. False: not a set. */
function addParts(sets: Map<string, GtidInterval[]>, uuid: string, parts: readonly string[]): boolean {
  let source = uuid;
  let intervals = 0;
  for (const part of parts) {
    if (TAG.test(part)) {
      source = `${uuid}:${part}`;
      continue;
    }
    const [, first, last = first] = INTERVAL.exec(part) ?? [];
    if (first === undefined || last === undefined) return false;
    const interval = {from: BigInt(first), to: BigInt(last)};
    if (interval.from < 1n || interval.to < interval.from || interval.to >= LAST) return false;
    sets.set(source, [...(sets.get(source) ?? []), interval]);
    intervals++;
  }
  return intervals > 0;
}

export function uniteMysql(left: MysqlGtids, right: MysqlGtids): MysqlGtids {
  const sources = new Set([...left.sets.keys(), ...right.sets.keys()]);
  return normal(
    new Map(
      [...sources].map((source) => [source, [...(left.sets.get(source) ?? []), ...(right.sets.get(source) ?? [])]]),
    ),
  );
}

export function subtractMysql(left: MysqlGtids, right: MysqlGtids): GtidDifference {
  const sets = normal(
    new Map([...left.sets].map(([source, intervals]) => [source, without(intervals, right.sets.get(source) ?? [])])),
  );
  const ranges = [...sets.sets].flatMap(([source, intervals]) => intervals.map((each) => ({source, ...each})));
  const total = ranges.reduce((sum, {from, to}) => sum + to - from + 1n, 0n);
  return {count: Number(total), ranges, text: renderMysql(sets)};
}

/** As the server prints it: origins in order, the tags of one after its own intervals. */
export function renderMysql({sets}: MysqlGtids): string {
  const byUuid = new Map<string, string>();
  for (const [source, intervals] of sets) {
    const [uuid = '', tag] = source.split(':');
    const text = intervals.map(({from, to}) => (from === to ? `${from}` : `${from}-${to}`)).join(':');
    byUuid.set(uuid, [byUuid.get(uuid) ?? uuid, ...(tag === undefined ? [] : [tag]), text].join(':'));
  }
  return [...byUuid.values()].join(',');
}

/** Origins sorted, an untagged one before its tags; intervals sorted and joined; empty ones left out. */
function normal(sets: ReadonlyMap<string, readonly GtidInterval[]>): MysqlGtids {
  const sorted = [...sets]
    .filter(([, intervals]) => intervals.length > 0)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return {family: 'mysql', sets: new Map(sorted.map(([source, intervals]) => [source, joined(intervals)]))};
}

function joined(intervals: readonly GtidInterval[]): GtidInterval[] {
  const result: GtidInterval[] = [];
  for (const next of [...intervals].sort((one, other) => (one.from < other.from ? -1 : 1))) {
    const last = result.at(-1);
    if (!last || next.from > last.to + 1n) result.push(next);
    else if (next.to > last.to) result[result.length - 1] = {from: last.from, to: next.to};
  }
  return result;
}

/** Both in order, without overlaps. */
function without(intervals: readonly GtidInterval[], removed: readonly GtidInterval[]): GtidInterval[] {
  let index = 0;
  return intervals.flatMap(({from, to}) => {
    const left: GtidInterval[] = [];
    let next = from;
    while (index < removed.length && (removed[index]?.to ?? next) < next) index++;
    for (let at = index; at < removed.length; at++) {
      const hole = removed[at];
      if (!hole || hole.from > to) break;
      if (hole.from > next) left.push({from: next, to: hole.from - 1n});
      next = hole.to + 1n;
    }
    return next > to ? left : [...left, {from: next, to}];
  });
}
