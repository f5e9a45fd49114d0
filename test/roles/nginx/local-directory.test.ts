import {mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {readDirectory} from '../../../src/roles/nginx/local-directory.js';

/** A new directory with these files; names that end with a slash are directories. */
function directoryOf(...names: string[]): string {
  const root = mkdtempSync(path.join(tmpdir(), 'infra-test-'));
  for (const name of names) {
    mkdirSync(path.join(root, name.endsWith('/') ? name : path.dirname(name)), {recursive: true});
    if (!name.endsWith('/')) writeFileSync(path.join(root, name), name);
  }
  return root;
}

function namesIn(root: string): readonly string[] {
  const found = readDirectory(root);
  return 'files' in found ? found.files.map(({name}) => name) : [];
}

function faultsIn(root: string): readonly string[] {
  const found = readDirectory(root);
  return 'faults' in found ? found.faults : [];
}

test('all files of a directory and of those in it are found, in one order', (t) => {
  t.deepEqual(namesIn(directoryOf('index.html', 'css/site.css', 'css/a/b.css', 'Über uns.html')), [
    'css/a/b.css',
    'css/site.css',
    'index.html',
    'Über uns.html',
  ]);
});

test('names that begin with a dot are left out, except .well-known', (t) => {
  const root = directoryOf('index.html', '.git/config', '.env', 'a/.htaccess', '.well-known/security.txt');
  t.deepEqual(namesIn(root), ['.well-known/security.txt', 'index.html']);
});

test('a link to a file of the directory is that file', (t) => {
  const root = directoryOf('index.html');
  symlinkSync('index.html', path.join(root, 'start.html'));
  const found = readDirectory(root);
  t.deepEqual('files' in found && found.files[1], {name: 'start.html', path: path.join(root, 'index.html'), size: 10});
});

test('links that lead out of the directory, and broken ones, are refused, all at once', (t) => {
  const root = directoryOf('index.html', 'css/');
  const outside = directoryOf('secret');
  symlinkSync(path.join(outside, 'secret'), path.join(root, 'a'));
  symlinkSync('missing', path.join(root, 'b'));
  symlinkSync('css', path.join(root, 'c'));
  t.deepEqual(faultsIn(root), [
    'a is a link that leads out of the directory; put a copy in its place',
    'b is a broken link; fix or delete it',
    'c is a link to a directory; put a copy in its place',
  ]);
});

test('for a missing directory the message has the nearest one', (t) => {
  const root = directoryOf('site/index.html');
  t.deepEqual(faultsIn(path.join(root, 'sitte')), [`there is no directory ${root}/sitte. Did you mean "site"?`]);
  t.deepEqual(faultsIn(path.join(root, 'other')), [
    `there is no directory ${root}/other; paths are relative to the directory that infra runs in`,
  ]);
  t.regex(
    faultsIn(path.join(root, 'no/directory'))[0] ?? '',
    /there is no directory .*; paths are relative to the directory that infra runs in/,
  );
  t.regex(faultsIn(path.join(root, 'site/index.html'))[0] ?? '', /index\.html is not a directory; name the directory/);
});

test('an empty directory is refused, since the servers would lose all their files', (t) => {
  t.deepEqual(faultsIn(directoryOf('.git/config')), ['it has no file to serve; build the site first']);
});

test('a directory that is too large to be read at every plan is refused', (t) => {
  const many = directoryOf(...Array.from({length: 1001}, (_, index) => `page-${index}.html`));
  t.regex(faultsIn(many).join(), /^it has 1001 files, more than 1000; /);
  const large = directoryOf('index.html', 'film.mp4');
  truncateSync(path.join(large, 'film.mp4'), 16 * 1024 * 1024 + 1);
  t.regex(faultsIn(large).join(), /^film\.mp4 has 17 MiB, more than 16 MiB; /);
});
