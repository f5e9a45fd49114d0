import test from 'ava';
import fc from 'fast-check';
import {checkRollout, rolloutOf, type Share, SpecError} from '../../../src/model/index.js';

const batches = (serial: Share | readonly Share[], hosts: number) => rolloutOf('web', {serial}, hosts)?.batches;

test('serial is a number of hosts, a share of them, or a list whose last entry goes on', (t) => {
  t.deepEqual(batches(2, 5), [2, 2, 1]);
  t.deepEqual(batches('40%', 5), [2, 2, 1]);
  t.deepEqual(batches([1, '50%'], 7), [1, 3, 3]);
  t.deepEqual(batches(9, 2), [2]);
});

test('a share rounds down, but at least one host is in a batch', (t) => {
  t.deepEqual(batches('10%', 3), [1, 1, 1]);
  t.deepEqual(batches('99%', 3), [2, 1]);
});

test('batches hold every host once, and none is empty', (t) => {
  const share = fc.oneof(fc.integer({min: 1, max: 9}), fc.constantFrom<Share>('1%', '30%', '100%'));
  fc.assert(
    fc.property(fc.array(share, {minLength: 1}), fc.nat(50), (serial, hosts) => {
      const sizes = batches(serial, hosts) ?? [];
      return sizes.every((size) => size > 0) && sizes.reduce((sum, size) => sum + size, 0) === hosts;
    }),
  );
  t.pass();
});

test('no failure is allowed with serial unless maxFailures says so; without either a play has no rollout', (t) => {
  t.is(rolloutOf('web', {serial: 1}, 4)?.maxFailures, 0);
  t.deepEqual(rolloutOf('web', {maxFailures: '50%'}, 5), {play: 'web', batches: [5], maxFailures: 2});
  t.is(rolloutOf('web', {}, 4), undefined);
});

test('options that mean nothing are refused', (t) => {
  for (const serial of [0, -1, 1.5, '0%', '101%', [], [1, 0]] as const) {
    t.throws(() => checkRollout('web', {serial}), {instanceOf: SpecError, message: /serial/}, String(serial));
  }
  t.throws(() => checkRollout('web', {maxFailures: -1}), {instanceOf: SpecError, message: /maxFailures/});
  t.notThrows(() => checkRollout('web', {serial: [1, '25%'], maxFailures: 0}));
});
