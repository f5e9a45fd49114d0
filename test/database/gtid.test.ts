import test from 'ava';
import fc from 'fast-check';
import {
  contains,
  count,
  executedOf,
  type Gtids,
  holdsAll,
  isEmpty,
  parseGtids,
  render,
  renderPosition,
  subtract,
  union,
} from '../../src/database/gtid.js';
import {UnreadableReply} from '../../src/model/index.js';
import {spoiled} from '../support/spoil.js';

const ONE = '3e11fa47-71ca-11e1-9e33-c80aa9429562';
const OTHER = '8a94f357-aab4-11df-86ab-c80aa9429444';

const mysql = (...texts: string[]) => parseGtids('mysql', ...texts);
const mariadb = (...texts: string[]) => parseGtids('mariadb', ...texts);
const executed = (binlogState: string, slavePosition = '') =>
  executedOf({family: 'mariadb', binlogState, slavePosition});

test('sets of MySQL are read as the server prints them, and written in one form', (t) => {
  const printed = `${OTHER.toUpperCase()}:1-9,\n${ONE}:7:1-3:4-5:backup:1-3:8:_x:2\n`;
  t.is(render(mysql(printed)), `${ONE}:1-5:7:_x:2:backup:1-3:8,${OTHER}:1-9`);
  t.is(render(mysql(`${ONE}:backup:1-3`)), `${ONE}:backup:1-3`);
  t.is(render(mysql(' \n')), '');
  t.is(count(mysql(printed)), 20);
});

test('what one set of MySQL has and another lacks', (t) => {
  const left = mysql(`${ONE}:1-100:200-300,${OTHER}:1-5:backup:1-3`);
  const {count: missing, text, ranges} = subtract(left, mysql(`${ONE}:5-7:90-210,${OTHER}:1-9`));
  t.is(text, `${ONE}:1-4:8-89:211-300,${OTHER}:backup:1-3`);
  t.is(missing, 4 + 82 + 90 + 3);
  t.deepEqual(ranges.at(-1), {source: `${OTHER}:backup`, from: 1n, to: 3n});
  t.true(contains(left, mysql(`${ONE}:250`)));
  t.false(contains(left, mysql(`${ONE}:150`)));
});

test('positions and states of MariaDB are read and written', (t) => {
  t.is(render(mariadb('0-2-20,0-1-100, 1-2-5\n')), '0-1-100,0-2-20,1-2-5');
  t.is(renderPosition(mariadb('0-2-20,0-1-100,1-2-5')), '0-1-100,1-2-5');
  t.is(count(mariadb('0-1-100,0-2-120,1-2-5')), 125);
  t.true(isEmpty(mariadb('')));
  t.is(render(union(mariadb('0-1-100,0-2-20'), mariadb('0-1-7,0-2-30'))), '0-1-100,0-2-30');
});

/** Old primary, present history, what only the old one has. */
const GHOSTS: readonly (readonly [
  title: string,
  old: Gtids,
  present: Gtids,
  count: number | 'unknown',
  text: string,
])[] = [
  ['none: the new primary goes on', executed('0-1-450'), executed('0-1-450,0-2-520', '0-1-450'), 0, ''],
  ['a number that was used twice', executed('0-1-500'), executed('0-1-450,0-2-520', '0-1-450'), 50, '0-1-451…500'],
  ['one', executed('0-1-451'), executed('0-1-450,0-2-451', '0-1-450'), 1, '0-1-451'],
  ['of a domain that nobody else has', executed('0-1-9,7-1-3'), executed('0-1-9', '0-1-9'), 3, '7-1-1…3'],
  ['written on a replica', executed('0-1-400,0-2-410', '0-1-400'), executed('0-1-500'), 10, '0-2-401…410'],
  [
    'after several roles',
    executed('0-1-450,0-2-700', '0-1-450'),
    executed('0-1-760,0-2-690', '0-2-690'),
    10,
    '0-2-691…700',
  ],
  ['none: a copy that goes on', executed('0-1-450'), executed('0-2-520', '0-1-450'), 0, ''],
  [
    'none, by the last one: a copy that forgot earlier servers',
    executed('0-1-450,0-2-500'),
    executed('0-2-520', '0-3-99'),
    0,
    '',
  ],
  ['of a replica that is behind', executed('0-1-500', '0-1-500'), executed('0-1-450', '0-1-450'), 50, '0-1-451…500'],
  [
    'a copy that forgot them all',
    executed('0-1-500'),
    executed('0-2-520,0-3-600', '0-3-600'),
    'unknown',
    'at most 0-1-?…500',
  ],
  [
    'of two servers',
    executed('0-1-480,0-2-500', ''),
    executed('0-1-450,0-3-500', '0-1-450'),
    50,
    '0-1-451…480, 0-2-481…500',
  ],
  ['chains that were joined by hand', executed('0-1-500,0-2-450'), executed('0-1-520,0-2-430'), 20, '0-2-431…450'],
  ['two servers that never met', executed('0-1-5'), executed('0-2-7'), 5, '0-1-1…5'],
];

for (const [title, old, present, ghosts, text] of GHOSTS) {
  test(`ghosts of MariaDB: ${title}`, (t) => {
    const found = subtract(old, present);
    t.deepEqual({count: found.count, text: found.text}, {count: ghosts, text});
    t.is(contains(present, old), ghosts === 0);
  });
}

test('a candidate holds what others have received, or it is not one', (t) => {
  const received = (slavePosition: string, fetched: string) =>
    union(executed('0-1-100', slavePosition), mariadb(fetched));
  t.true(holdsAll(received('0-1-100', '0-1-480'), [received('0-1-450', '0-1-450'), received('0-1-300', '')]));
  t.false(holdsAll(received('0-1-450', '0-1-450'), [received('0-1-100', '0-1-480')]));
  t.true(holdsAll(mysql(`${ONE}:1-8`, `${ONE}:9`), [mysql(`${ONE}:1-9`), mysql('')]));
});

test('GTIDs of two families are not compared', (t) => {
  t.throws(() => contains(mysql(''), mariadb('')), {instanceOf: TypeError});
});

const sequence = fc.bigInt(1n, 40n);
const part = fc.tuple(sequence, sequence).map(([one, other]) => (one < other ? `${one}-${other}` : `${other}-${one}`));
const source = fc.constantFrom(ONE, OTHER, `${ONE}:tag`, `${OTHER}:_t2`);
const mysqlText = fc
  .array(fc.tuple(source, fc.array(part, {minLength: 1, maxLength: 3})), {maxLength: 5})
  .map((sets) => sets.map(([from, parts]) => `${from}:${parts.join(':')}`).join(',\n'));

/** Every transaction of a set of MySQL, one by one. */
function members(text: string): Set<string> {
  const one = (from: string, interval: string) => {
    const [first = 0, last = first] = interval.split('-').map(Number);
    return Array.from({length: last - first + 1}, (_, index) => `${from}:${first + index}`);
  };
  const sets = text.split(/,\n/).filter((each) => each !== '');
  return new Set(
    sets.flatMap((set) => {
      const [, from = '', intervals = ''] = /^([\da-f-]+(?::[a-z_]\w*)?):(.*)$/.exec(set) ?? [];
      return intervals.split(':').flatMap((interval) => one(from, interval));
    }),
  );
}

test('sets of MySQL follow the algebra of sets', (t) => {
  const property = fc.property(mysqlText, mysqlText, (left, right) => {
    const [one, other] = [mysql(left), mysql(right)];
    const [ones, others] = [members(left), members(right)];
    t.is(count(one), ones.size);
    t.is(subtract(one, other).count, [...ones].filter((each) => !others.has(each)).length);
    t.is(count(union(one, other)), new Set([...ones, ...others]).size);
    t.is(
      contains(one, other),
      [...others].every((each) => ones.has(each)),
    );
    t.true(isEmpty(mysql(subtract(one, union(other, one)).text)));
    t.is(render(union(mysql(subtract(one, other).text), other)), render(union(one, other)));
    t.is(render(mysql(render(one))), render(one));
  });
  fc.assert(property);
});

/** Who wrote each transaction, from number 1: a common beginning, then two ends with no writer in common. */
const histories = fc.record({
  common: fc.array(fc.constantFrom(1, 2, 3), {maxLength: 12}),
  left: fc.array(fc.constantFrom(1, 4), {maxLength: 6}),
  right: fc.array(fc.constantFrom(2, 3, 5), {maxLength: 6}),
  /** Where a copy began: parts of the whole. */
  leftFrom: fc.nat({max: 10}),
  rightFrom: fc.nat({max: 10}),
});

/** What a server answers that has been a copy since transaction `from`; 0: never. */
function answered(writers: readonly number[], from: number): Gtids {
  const ends = new Map(writers.map((server, index) => [server, index + 1] as const).slice(Math.max(0, from - 1)));
  const state = [...ends].map(([server, end]) => `0-${server}-${end}`).join(',');
  const position = from > 0 && writers.length > 0 ? `0-${writers.at(-1)}-${writers.length}` : '';
  return executed(state, position);
}

test('differences of MariaDB are true where they are known, and known where no server was a copy', (t) => {
  const property = fc.property(histories, ({common, left, right, leftFrom, rightFrom}) => {
    const [ours, theirs] = [
      [...common, ...left],
      [...common, ...right],
    ];
    const begin = (writers: readonly number[], tenths: number) => Math.ceil((writers.length * tenths) / 10);
    const [one, other] = [answered(ours, begin(ours, leftFrom)), answered(theirs, begin(theirs, rightFrom))];
    const found = subtract(one, other).count;
    if (found !== 'unknown') t.is(found, left.length);
    if (leftFrom === 0 && rightFrom === 0) t.not(found, 'unknown');
    t.true(contains(one, one));
    t.true(contains(union(one, mariadb('0-1-99')), one));
    t.is(render(mariadb(render(one))), render(one));
  });
  fc.assert(property, {numRuns: 1000});
});

test('any text is a set, or said to be unreadable with its beginning', (t) => {
  const texts = fc.oneof(fc.string(), spoiled(`${ONE}:1-5:7:tag:1,${OTHER}:3`), spoiled('0-1-100,0-2-120,1-3-7'));
  const reads = (family: 'mariadb' | 'mysql', text: string) => {
    try {
      const gtids = parseGtids(family, text);
      return render(parseGtids(family, render(gtids))) === render(gtids);
    } catch (error) {
      return error instanceof UnreadableReply && error.message.includes(text.slice(0, 80));
    }
  };
  fc.assert(fc.property(texts, (text) => reads('mysql', text) && reads('mariadb', text)));
  t.throws(() => mysql(`${ONE}:5-3`), {instanceOf: UnreadableReply});
  t.throws(() => mysql(ONE), {instanceOf: UnreadableReply});
  t.throws(() => mysql(`${ONE}:tag`), {instanceOf: UnreadableReply});
  t.throws(() => mysql('0-1-100'), {instanceOf: UnreadableReply});
  t.throws(() => mariadb(`0-1-${2n ** 64n}`), {instanceOf: UnreadableReply});
  t.throws(() => mariadb('0-1'), {instanceOf: UnreadableReply, message: 'this is not a list of GTIDs of MariaDB: 0-1'});
});
