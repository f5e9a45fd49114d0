import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {createFile, privateDirectory, replaceFile} from '../../src/local/write-file.js';

const root = mkdtempSync(join(tmpdir(), 'infra-write-'));
test.after.always(() => rmSync(root, {recursive: true}));

function directoryFor(name: string): string {
  mkdirSync(join(root, name));
  return join(root, name);
}

const modeOf = (file: string) => statSync(file).mode & 0o777;

test('a file is replaced by a new one, for its owner alone unless told otherwise, and nothing else stays', (t) => {
  const directory = directoryFor('replace');
  const file = join(directory, 'a');
  writeFileSync(file, 'old', {mode: 0o644});
  const {ino} = statSync(file);
  replaceFile(file, 'new');
  t.is(readFileSync(file, 'utf8'), 'new');
  t.is(modeOf(file), 0o600);
  t.not(statSync(file).ino, ino);
  replaceFile(file, 'newer', 0o644);
  t.is(modeOf(file), 0o644);
  t.deepEqual(readdirSync(directory), ['a']);
});

test('a file that cannot be replaced stays, and nothing of the attempt does', (t) => {
  const directory = directoryFor('fail');
  mkdirSync(join(directory, 'a', 'inner'), {recursive: true});
  t.throws(() => replaceFile(join(directory, 'a'), 'new'), {code: 'EISDIR'});
  t.throws(() => replaceFile(join(directory, 'missing', 'a'), 'new'), {code: 'ENOENT'});
  t.deepEqual(readdirSync(directory), ['a']);
});

test('a file is created once, and the second attempt leaves it as it is', (t) => {
  const file = join(directoryFor('create'), 'a');
  t.true(createFile(file, 'first', 0o600));
  t.false(createFile(file, 'second', 0o600));
  t.is(readFileSync(file, 'utf8'), 'first');
  t.is(modeOf(file), 0o600);
  t.throws(() => createFile(join(file, 'below'), '', 0o600), {code: 'ENOTDIR'});
});

test('a private directory is for its owner, Git ignores it, and what its owner changed there stays', (t) => {
  const directory = join(directoryFor('private'), 'outer', 'inner');
  t.is(privateDirectory(directory), directory);
  t.is(modeOf(directory), 0o700);
  t.is(readFileSync(join(directory, '.gitignore'), 'utf8'), '*\n');
  writeFileSync(join(directory, '.gitignore'), 'theirs\n');
  privateDirectory(directory);
  t.is(readFileSync(join(directory, '.gitignore'), 'utf8'), 'theirs\n');
  t.false(existsSync(join(directory, '..', '.gitignore')));
});
