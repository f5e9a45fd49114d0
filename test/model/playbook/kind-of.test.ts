import test from 'ava';
import fc from 'fast-check';
import {kindOf} from '../../../src/model/playbook/kind-of.js';
import {Secret, sh} from '../../../src/shell/index.js';

const KINDS: readonly (readonly [unknown, string])[] = [
  [null, 'null'],
  [undefined, 'undefined'],
  [true, 'true'],
  [false, 'false'],
  ['x', 'text'],
  ['', 'text'],
  [0, 'a number'],
  [Number.NaN, 'a number'],
  [1n, 'a bigint'],
  [Symbol('x'), 'a symbol'],
  [() => 1, 'a function'],
  [class {}, 'a function'],
  [[], 'a list'],
  [{}, 'an object'],
  [new Map(), 'an object'],
  [Promise.resolve(1), 'a promise'],
  [new Secret('canary'), 'a secret'],
  [sh`true`, 'a command'],
];

test('each kind of value has its word', (t) => {
  for (const [value, kind] of KINDS) t.is(kindOf(value), kind);
});

test('the word never says anything of a text or a number', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string({minLength: 1}), fc.double(), fc.array(fc.string())), (value) => {
      t.true(['text', 'a number', 'a list'].includes(kindOf(value)));
    }),
  );
});
