import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {InputError} from '../../src/model/index.js';
import {loadLimit} from '../../src/session/load-limit.js';

function fileOf(text: string): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'infra-limit-')), 'limit');
  writeFileSync(file, text);
  return file;
}

test('a limit without a file is left as it is', (t) => {
  t.is(loadLimit('web:&prod:!db'), 'web:&prod:!db');
});

test('a file holds one pattern a line, and comments, and can be combined with other patterns', (t) => {
  const file = fileOf('# failed last time\nweb1\n\n web2  # the second\n');
  t.is(loadLimit(`@${file}`), 'web1,web2');
  t.is(loadLimit(`@${file}, !web2`), 'web1,web2,!web2');
});

test('a file that is missing or names nothing is an error', (t) => {
  t.throws(() => loadLimit('@/nowhere/limit'), {instanceOf: InputError, message: /nowhere/});
  t.throws(() => loadLimit(`@${fileOf('# none\n')}`), {instanceOf: InputError, message: /names no host/});
});
