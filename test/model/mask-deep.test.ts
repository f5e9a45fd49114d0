import test from 'ava';
import {maskDeep} from '../../src/model/index.js';

const mask = (text: string) => text.replaceAll('hunter2', '(sensitive)');

test('texts and names are masked at any depth, and what is not set is left out', (t) => {
  const value = {a: ['x hunter2', {hunter2: 1}], b: undefined, c: null, d: {e: 'hunter2', f: true}};
  t.deepEqual(maskDeep<object>(value, mask), {
    a: ['x (sensitive)', {'(sensitive)': 1}],
    c: null,
    d: {e: '(sensitive)', f: true},
  });
});

test('fields that are masked already stay as they are', (t) => {
  const value = {a: {kept: {text: 'hunter2'}, text: 'hunter2'}};
  t.deepEqual(maskDeep(value, mask, ['kept']), {a: {kept: {text: 'hunter2'}, text: '(sensitive)'}});
});
