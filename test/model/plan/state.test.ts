import test from 'ava';
import {findSecrets, hideLines} from '../../../src/model/index.js';
import {Secret} from '../../../src/shell/index.js';

const find = (text: string, ...printed: string[]) =>
  findSecrets(
    text,
    printed.map((clear) => new Secret(clear)),
  );

test('secrets are found wherever they stand, those that touch or overlap as one', (t) => {
  t.deepEqual(find('a hunter2 b hunter2', 'hunter2'), [
    [2, 9],
    [12, 19],
  ]);
  t.deepEqual(find('hunter2hunter3', 'hunter3', 'hunter2', 'unte'), [[0, 14]]);
  t.deepEqual(find('ababa', 'aba2'.replace('2', 'b')), [[0, 4]]);
  t.deepEqual(find('x'), []);
});

test('nothing is certain when a secret is short, or stands less often than it was printed', (t) => {
  t.is(find('pin 123', '123'), undefined);
  t.is(find('password ', ''), undefined);
  t.is(find('HUNTER2', 'hunter2'), undefined);
  t.is(find('hunter2 HUNTER2', 'hunter2', 'hunter2'), undefined);
});

test('whole lines are hidden without their line breaks, blank ones not at all', (t) => {
  t.deepEqual(
    hideLines('ab\n \nc', (line) => line !== 'ab'),
    [[5, 6]],
  );
});
