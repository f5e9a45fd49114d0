import test from 'ava';
import fc from 'fast-check';
import {compareWords, type LinePiece, wordsOf} from '../../src/diff/compare.js';
import {pairLines} from '../../src/diff/rows.js';
import {Content} from '../../src/model/index.js';
import {renderContent} from '../renderers/as-text.js';

const marked = (pieces: readonly LinePiece[] = []) =>
  pieces.map(({text, changed}) => (changed ? `[${text}]` : text)).join('');

const compare = (before: string, after: string) => {
  const words = compareWords(before, after);
  return words && [marked(words.before), marked(words.after)];
};

test('the words that differ are reported, with the blanks between them', (t) => {
  t.deepEqual(compare('port 80;', 'port 8080;'), ['port [80];', 'port [8080];']);
  t.deepEqual(compare('server a 10.0.0.1:80', 'server a 10.0.0.2:80 check inter 2s'), [
    'server a 10.0.0.[1]:80',
    'server a 10.0.0.[2]:80[ check inter 2s]',
  ]);
  t.deepEqual(compare('keep a = 1 and more', 'keep b = 1 and more'), [
    'keep [a] = 1 and more',
    'keep [b] = 1 and more',
  ]);
  t.deepEqual(compare('größe 1', 'größe 2'), ['größe [1]', 'größe [2]']);
});

test('in lines without anything in common no word is reported', (t) => {
  t.is(compare('five', 'six'), undefined);
  t.is(compare('a word of five', 'six; others'), undefined);
});

test('words keep every character, and very long lines are compared by their ends', (t) => {
  fc.assert(fc.property(fc.string({unit: 'binary'}), (line) => wordsOf(line).join('') === line));
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const words = compareWords(before, after);
      const plain = (pieces: readonly LinePiece[]) => pieces.map(({text}) => text).join('');
      return words === undefined || (plain(words.before) === before && plain(words.after) === after);
    }),
  );
  const many = (count: number, word: string) => `begin ${`${word} `.repeat(count)}end`.repeat(2);
  const started = performance.now();
  compareWords(many(20_000, 'a b'), many(20_000, 'b c'));
  t.true(performance.now() - started < 2000);
});

test('lines are paired by what they have in common, in their order', (t) => {
  t.deepEqual(pairLines(['x1 = 1', 'gone', 'x2 = 2'], ['x1 = 11', 'x2 = 22', 'new one']), [0, undefined, 1]);
  t.deepEqual(pairLines(['password = short'], ['password = x'.padEnd(99, 'y')]), [0]);
  t.deepEqual(pairLines(['a b', 'c d'], ['c d e', 'a b e']), [1, undefined]);
  t.deepEqual(pairLines(['a', 'b'], ['x', 'y']), [undefined, undefined]);
  t.deepEqual(pairLines([], ['x']), []);
  t.is(pairLines(Array(60).fill('a b'), Array(60).fill('a c')).length, 60);
});

test('in colour the words that differ are inverse, without it the line is as it was', (t) => {
  const render = (color: boolean) =>
    renderContent('content', '/f', Content.of('port 80\n'), Content.of('port 81\n'), color).slice(3, 5);
  t.deepEqual(render(true), [
    '\u001b[31m-port \u001b[7m80\u001b[27m\u001b[39m',
    '\u001b[32m+port \u001b[7m81\u001b[27m\u001b[39m',
  ]);
  t.deepEqual(render(false), ['-port 80', '+port 81']);
});
