import test from 'ava';
import {command} from '../../src/tasks/index.js';

test('a command without a name is called by its first line, of which no word is shown by half', (t) => {
  t.is(command({command: 'make install'}).id, 'make install');
  t.is(command({command: 'set -e\nmake'}).id, 'set -e…');
  const long = `curl --fail --header 'Authorization: Bearer ${'t'.repeat(60)}' https://example.com`;
  t.is(command({command: long}).id, `curl --fail --header 'Authorization: Bearer …`);
});
