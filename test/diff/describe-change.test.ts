import test from 'ava';
import {cutDiff, Describer} from '../../src/diff/index.js';
import {type Action, type Attribute, type AttributeChange, Content} from '../../src/model/index.js';
import {renderAttribute, renderDiff} from '../renderers/as-text.js';

const render = (change: Partial<AttributeChange>, action: Action = 'update') => {
  const whole = {name: 'value', before: undefined, after: undefined, sensitive: false, ...change};
  return renderAttribute(whole, {action, id: 'thing', width: 60}).join('\n');
};

test('an attribute is shown before and after, of a new thing after, of one that goes before', (t) => {
  t.is(render({before: 1, after: 2}), 'value: 1 → 2');
  t.is(render({after: true}, 'create'), 'value: true');
  t.is(render({before: 'x'}, 'delete'), 'value: x');
  t.is(render({before: '', after: []}), 'value: "" → (none)');
});

test('a list that only changed its order is shown in full', (t) => {
  t.is(render({before: ['a', 'b'], after: ['b', 'a']}), 'value: a, b → b, a');
});

test('a text of several lines is a diff under the name of its attribute', (t) => {
  t.is(
    render({before: 'a', after: 'a\nb\n'}),
    '--- thing (value)\n+++ thing (value)\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n',
  );
});

test('a sensitive attribute shows neither value nor digest', (t) => {
  t.is(render({before: 'hunter1', after: 'hunter2', sensitive: true}), 'value: (sensitive) changes');
  t.is(render({after: 'hunter2', sensitive: true}, 'create'), 'value: (sensitive)');
  const after = Content.of('hunter2', true);
  const shown = render({after, sensitive: true}, 'create');
  t.is(shown, 'value: (sensitive, 1 line)');
  t.false(shown.includes(after.sha256.slice(0, 8)));
});

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
