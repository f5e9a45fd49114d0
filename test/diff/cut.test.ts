import test from 'ava';
import {cutDiff, Describer} from '../../src/diff/index.js';
import {type Attribute, Content} from '../../src/model/index.js';
import {renderDiff} from '../renderers/as-text.js';

function cut(before: Attribute, after: Attribute, room: number) {
  const [diff] = new Describer().difference([{name: 'content', before, after, sensitive: false}], '/etc/a');
  if (!diff) throw new Error('nothing differs');
  const {diff: kept, length} = cutDiff(diff, room);
  return {shown: renderDiff(kept), length, isWhole: kept.kind === diff.kind};
}

const numbers = (from: number, count: number) =>
  Content.of(Array.from({length: count}, (_, index) => `line ${from + index}\n`).join(''));

test('what has room stays as it is, and tells how long it is', (t) => {
  for (const [before, after] of [
    ['a', 'b'],
    [['a'], ['b']],
    [undefined, numbers(0, 3)],
    [numbers(0, 3), numbers(1, 3)],
    [Content.of('\0'), Content.of('x')],
  ] as const) {
    const {isWhole, length} = cut(before, after, 1000);
    t.true(isWhole);
    t.true(length > 0 && length < 300);
  }
});

test('of a content the first lines stay, and how many there were', (t) => {
  t.deepEqual(cut(undefined, numbers(0, 100), 38).shown, [
    ...['content: 100 lines', '+line 0', '+line 1', '… 98 more lines not kept'],
  ]);
});

test('of a diff the first rows stay, under the header of their hunk', (t) => {
  t.deepEqual(cut(numbers(0, 4), numbers(10, 4), 38).shown, [
    ...['--- /etc/a', '+++ /etc/a', '@@ -1,4 +1,4 @@', '-line 0', '-line 1', '… 6 more lines not kept'],
  ]);
});

test('of a list the first items stay', (t) => {
  t.deepEqual(cut([], ['one', 'two', 'three'], 12).shown, [
    'content: + one',
    '         + two',
    '… 1 more line not kept',
  ]);
});

test('without room nothing stays but the count', (t) => {
  for (const [before, after, lines] of [
    ['a', 'b', '1 more line'],
    [['a'], ['b'], '2 more lines'],
    [undefined, numbers(0, 3), '4 more lines'],
  ] as const) {
    const {shown, length} = cut(before, after, 0);
    t.deepEqual(shown, [`… ${lines} not kept`]);
    t.is(length, 0);
  }
});
