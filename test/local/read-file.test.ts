import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {errorCode, namesIn, readIfPossible, readIfThere} from '../../src/local/read-file.js';

const directory = mkdtempSync(join(tmpdir(), 'infra-read-'));
test.after.always(() => rmSync(directory, {recursive: true}));
const at = (name: string) => join(directory, name);

test('a file that is missing has no text; one that cannot be read is an error, or no text where it does not matter', (t) => {
  writeFileSync(at('there'), 'é');
  t.is(readIfThere(at('there')), 'é');
  t.is(readIfThere(at('there'), 'latin1'), 'Ã©');
  t.is(readIfThere(at('missing')), undefined);
  t.is(errorCode(t.throws(() => readIfThere(directory))), 'EISDIR');
  t.is(errorCode(t.throws(() => readIfThere(at('there/below')))), 'ENOTDIR');

  t.is(readIfPossible(at('there')), 'é');
  t.is(readIfPossible(at('missing')), undefined);
  t.is(readIfPossible(directory), undefined);
});

test('the names in a directory come sorted, and a directory that cannot be read has none', (t) => {
  mkdirSync(at('names'));
  for (const name of ['b', 'a', '.c']) writeFileSync(at(`names/${name}`), '');
  t.deepEqual(namesIn(at('names')), ['.c', 'a', 'b']);
  t.deepEqual(namesIn(at('none')), []);
  t.deepEqual(namesIn(at('names/a')), []);
});

test('only errors of Node have a code', (t) => {
  t.is(errorCode(new Error('bug')), undefined);
  t.is(errorCode(Object.assign(new Error('odd'), {code: 7})), undefined);
  t.is(errorCode({code: 'ENOENT'}), undefined);
});
