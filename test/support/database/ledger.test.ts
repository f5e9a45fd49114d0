import test from 'ava';
import {judge, type Write} from './ledger.js';

const write = (id: number, outcome: Write['outcome'], ended: number): Write => ({
  ...{id, outcome, ended, kind: id % 2 ? 'fresh' : 'kept', sent: ended - 10},
  ...(outcome !== 'acknowledged' && {error: 'gone'}),
});

test('what was promised and is not there, or there twice, is found', (t) => {
  const writes = [
    write(1, 'acknowledged', 10),
    write(2, 'acknowledged', 250),
    write(3, 'uncertain', 300),
    write(4, 'uncertain', 310),
    write(5, 'refused', 320),
    write(6, 'refused', 330),
    write(7, 'acknowledged', 340),
  ];
  const rows = new Map([
    [1, 1],
    [3, 1],
    [5, 1],
    [7, 2],
    [99, 1],
  ]);
  t.deepEqual(judge(writes, rows), {
    acknowledged: 3,
    missing: [2],
    doubled: [7],
    refusedButThere: [5],
    uncertainAndThere: 1,
    foreign: [99],
    failed: {kept: 2, fresh: 2},
    errors: {'fresh: gone': 2, 'kept: gone': 2},
    pause: 240,
    slowest: 10,
  });
  t.is(judge([], new Map()).pause, 0);
});
