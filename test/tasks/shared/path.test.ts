import {posix} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type {Refused} from '../../../src/model/index.js';
import {refuseDelete, refusePath} from '../../../src/tasks/shared/path.js';

const messageOf = (fault: Refused | undefined) => (typeof fault === 'object' ? fault.message : fault);

const REFUSED: readonly [string, string][] = [
  ['', 'the path "" must be absolute'],
  ['etc/x', 'the path "etc/x" must be absolute'],
  ['~/x', 'the path "~/x" must be absolute'],
  ['/etc/', 'write the path "/etc/" as "/etc"'],
  ['/etc//x', 'write the path "/etc//x" as "/etc/x"'],
  ['//etc', 'write the path "//etc" as "/etc"'],
  ['/etc/./x', 'write the path "/etc/./x" as "/etc/x"'],
  ['/etc/../x', 'write the path "/etc/../x" as "/x"'],
  ['/..', 'write the path "/.." as "/"'],
  ['/a\n/', 'write the path "/a\\n/" as "/a\\n"'],
  ['/a\0b', 'the path "/a\\u0000b" cannot be the name of a file'],
  ['/a\ud800', 'the path "/a\\ud800" cannot be the name of a file'],
];

for (const [path, fault] of REFUSED)
  test(`a path that is refused: ${JSON.stringify(path)}`, (t) => t.is(messageOf(refusePath(path)), fault));

test('any other name is a path', (t) => {
  for (const path of ['/', '/a b', '/a\nb', "/it's", '/-rf', '/...', '/ä/😀', '/.hidden', '/a\\b'])
    t.is(refusePath(path), undefined, path);
});

test('what is named instead of a path is a path', (t) => {
  const paths = fc.array(fc.constantFrom('a', '.', '..', '', 'b c')).map((parts) => `/${parts.join('/')}`);
  fc.assert(
    fc.property(paths, (path) => {
      const better = /as ("\/.*")$/.exec(messageOf(refusePath(path)) ?? '')?.[1];
      if (better === undefined) return t.is(posix.normalize(path), path);
      return t.is(refusePath(JSON.parse(better)), undefined);
    }),
  );
});

test('directories that a system needs are not deleted', (t) => {
  const kept = '/ /etc /home /usr /var /lib64 /lost+found /usr/bin /usr/local /var/lib /var/log /etc/ssh /etc/systemd';
  for (const path of kept.split(' ')) t.is(refuseDelete(path), `${path} belongs to the system and is not deleted`);
});

test('what lies in them, and what an operator made, may be deleted', (t) => {
  const free =
    '/data /srv/app /etc/nginx /var/lib/mysql /var/www /usr/local/app /home/anna /etc/ssh/x /opt/bin /data/etc';
  for (const path of free.split(' ')) t.is(refuseDelete(path), undefined, path);
});
