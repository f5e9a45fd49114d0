import test from 'ava';
import {counted, inUtc, inWords, oneOrCounted} from '../../../src/model/text/in-words.js';

test('a list has commas, and a word before its last part', (t) => {
  t.deepEqual(
    [['a'], ['a', 'b'], ['a', 'b', 'c']].map((words) => inWords(words, ' and ')),
    ['a', 'a and b', 'a, b and c'],
  );
});

test('only one is singular', (t) => {
  t.deepEqual(
    [0, 1, 2].map((count) => counted(count, 'host')),
    ['0 hosts', '1 host', '2 hosts'],
  );
  t.deepEqual(
    [1, 2].map((count) => oneOrCounted(count, 'host')),
    ['a host', '2 hosts'],
  );
});

test('a time says its zone', (t) => {
  t.is(inUtc(new Date('2026-11-30T12:00:01.987Z')), '2026-11-30 12:00:01 UTC');
});
