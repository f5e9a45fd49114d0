import {mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {readFolder} from '../../../src/roles/nginx/local-folder.js';

/** A new folder with these files; names that end with a slash are folders. */
function folderOf(...names: string[]): string {
  const root = mkdtempSync(path.join(tmpdir(), 'infra-test-'));
  for (const name of names) {
    mkdirSync(path.join(root, name.endsWith('/') ? name : path.dirname(name)), {recursive: true});
    if (!name.endsWith('/')) writeFileSync(path.join(root, name), name);
  }
  return root;
}

function namesIn(root: string): readonly string[] {
  const found = readFolder(root);
  return 'files' in found ? found.files.map(({name}) => name) : [];
}

function faultsIn(root: string): readonly string[] {
  const found = readFolder(root);
  return 'faults' in found ? found.faults : [];
}

test('all files of a folder and of those in it are found, in one order', (t) => {
  t.deepEqual(namesIn(folderOf('index.html', 'css/site.css', 'css/a/b.css', 'Über uns.html')), [
    'css/a/b.css',
    'css/site.css',
    'index.html',
    'Über uns.html',
  ]);
});

test('names that begin with a dot are left out, except .well-known', (t) => {
  const root = folderOf('index.html', '.git/config', '.env', 'a/.htaccess', '.well-known/security.txt');
  t.deepEqual(namesIn(root), ['.well-known/security.txt', 'index.html']);
});

test('a link to a file of the folder is that file', (t) => {
  const root = folderOf('index.html');
  symlinkSync('index.html', path.join(root, 'start.html'));
  const found = readFolder(root);
  t.deepEqual('files' in found && found.files[1], {name: 'start.html', path: path.join(root, 'index.html'), size: 10});
});

test('links that lead elsewhere or nowhere are refused, all at once', (t) => {
  const root = folderOf('index.html', 'css/');
  const outside = folderOf('secret');
  symlinkSync(path.join(outside, 'secret'), path.join(root, 'a'));
  symlinkSync('missing', path.join(root, 'b'));
  symlinkSync('css', path.join(root, 'c'));
  t.deepEqual(faultsIn(root), [
    'a is a link that leads out of the folder; put a copy in its place',
    'b is a link to what is not there; mend or delete it',
    'c is a link to a folder; put a copy in its place',
  ]);
});

test('a folder that is missing is answered with the nearest one', (t) => {
  const root = folderOf('site/index.html');
  t.deepEqual(faultsIn(path.join(root, 'sitte')), [`there is no folder ${root}/sitte: did you mean "site"?`]);
  t.deepEqual(faultsIn(path.join(root, 'other')), [
    `there is no folder ${root}/other; paths count from where infra runs`,
  ]);
  t.regex(faultsIn(path.join(root, 'no/folder'))[0] ?? '', /there is no folder .*; paths count from where infra runs/);
  t.regex(faultsIn(path.join(root, 'site/index.html'))[0] ?? '', /index\.html is no folder; name the folder/);
});

test('an empty folder is refused, since the servers would lose all they have', (t) => {
  t.deepEqual(faultsIn(folderOf('.git/config')), ['it holds no file to serve; build the site first']);
});

test('what is too much to be read at every plan is refused', (t) => {
  const many = folderOf(...Array.from({length: 1001}, (_, index) => `page-${index}.html`));
  t.regex(faultsIn(many).join(), /^it holds 1001 files, more than 1000; /);
  const large = folderOf('index.html', 'film.mp4');
  truncateSync(path.join(large, 'film.mp4'), 16 * 1024 * 1024 + 1);
  t.regex(faultsIn(large).join(), /^film\.mp4 has 17 MiB, more than 16 MiB; /);
});
