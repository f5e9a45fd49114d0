import {existsSync} from 'node:fs';
import test from 'ava';
import {ALONE} from './ava-alone.js';
import {TIMED} from './ava-timed.js';

test('each host test that is run apart from the others exists, and is run once', (t) => {
  const files = [...ALONE, ...TIMED];
  t.deepEqual(
    files.filter((file) => !existsSync(file)),
    [],
  );
  t.is(new Set(files).size, files.length);
  t.true(files.some((file) => file.endsWith('/database-kills.test.js')));
});
