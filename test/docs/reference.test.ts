import {readFileSync} from 'node:fs';
import test from 'ava';
import {renderReference} from './reference.js';

test('docs/reference.md is what the types and their comments make', (t) => {
  const isSame = readFileSync('docs/reference.md', 'utf8') === renderReference(process.cwd());
  t.true(isSame, 'the types or their comments have changed since: run npm run docs');
});
