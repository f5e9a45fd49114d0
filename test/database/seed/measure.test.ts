import test from 'ava';
import {parseMeasured} from '../../../src/database/seed/measure.js';
import {sizeInWords} from '../../../src/tasks/mysql/seed/spec.js';

test('a server is measured with its databases, whatever their names', (t) => {
  t.deepEqual(parseMeasured('size 500\nredo 96\nfree 900\ndatabase 300 app\ndatabase 20 my@002dshop\n'), {
    ...{size: 500, redo: 96, free: 900},
    databases: [
      {name: 'app', bytes: 300},
      {name: 'my-shop', bytes: 20},
    ],
  });
  t.throws(() => parseMeasured('free 900\n'));
});

test('sizes have two digits', (t) => {
  t.deepEqual([0, 999, 1912345678, 60_000_000].map(sizeInWords), ['0 B', '1000 B', '1.9 GB', '60 MB']);
});
