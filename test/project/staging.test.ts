import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {digestOf} from '../../src/project/answers.js';
import * as staging from '../../src/project/staging.js';

function newRoot(t: ExecutionContext): string {
  const root = mkdtempSync(join(tmpdir(), 'infra-staging-'));
  t.teardown(() => rmSync(root, {recursive: true}));
  return root;
}

interface Written {
  readonly path: string;
  /** The text before; undefined: the file is new. */
  readonly old?: string;
  readonly text: string;
  /** The text that is there now; undefined: it was not put in place. */
  readonly now?: string;
}

/** The state in which a kill left the directory, and the journal of it. */
function interrupt(root: string, files: readonly Written[], directories: readonly string[] = []): void {
  staging.beginStage(root);
  for (const directory of directories) mkdirSync(join(root, directory));
  const journal: staging.WriteJournal = {
    files: files.map(({path, old, text}) => ({
      file: join(root, path),
      existed: old !== undefined,
      digest: digestOf(text),
    })),
    directories: directories.map((each) => join(root, each)),
  };
  for (const [index, {path, old, text, now}] of files.entries()) {
    if (old !== undefined) writeFileSync(staging.formerFile(root, index), old);
    if (now === undefined) writeFileSync(staging.stagedFile(root, index), text);
    if (now !== undefined || old !== undefined) writeFileSync(join(root, path), now ?? old ?? '');
  }
  writeFileSync(staging.journalFile(root), JSON.stringify(journal));
}

const textOf = (root: string, path: string) => readFileSync(join(root, path), 'utf8');

test('a file that was put in place gets its former text back, and one that was not stays', (t) => {
  const root = newRoot(t);
  interrupt(root, [
    {path: 'a', old: 'old a', text: 'new a', now: 'new a'},
    {path: 'b', old: 'old b', text: 'new b'},
  ]);
  staging.restoreProject(root);
  t.deepEqual([textOf(root, 'a'), textOf(root, 'b'), readdirSync(root).sort()], ['old a', 'old b', ['a', 'b']]);
});

test('a new file is removed with the directories that were made for it, unless the user has put something there', (t) => {
  const root = newRoot(t);
  interrupt(root, [{path: 'x/y/new', text: 'new', now: 'new'}], ['x', 'x/y', 'z']);
  writeFileSync(join(root, 'z/mine'), 'mine');
  staging.restoreProject(root);
  t.deepEqual(readdirSync(root), ['z']);
  t.is(textOf(root, 'z/mine'), 'mine');
});

test('a file that was edited since stays as it is, whether it was new or not', (t) => {
  const root = newRoot(t);
  interrupt(root, [
    {path: 'a', old: 'old', text: 'new', now: 'edited'},
    {path: 'b', text: 'new', now: 'edited too'},
  ]);
  staging.restoreProject(root);
  t.deepEqual([textOf(root, 'a'), textOf(root, 'b')], ['edited', 'edited too']);
});

test('undoing can be interrupted and repeated', (t) => {
  const root = newRoot(t);
  const files = [
    {path: 'a', old: 'old a', text: 'new a', now: 'new a'},
    {path: 'b', text: 'new b', now: 'new b'},
  ];
  interrupt(root, files);
  // The first file is back already.
  writeFileSync(join(root, 'a'), 'old a');
  staging.restoreProject(root);
  staging.restoreProject(root);
  t.deepEqual([textOf(root, 'a'), existsSync(join(root, 'b'))], ['old a', false]);
});

test('without a journal nothing was put in place: the stage is removed and every file stays', (t) => {
  const root = newRoot(t);
  writeFileSync(join(root, 'a'), 'new');
  staging.beginStage(root);
  writeFileSync(staging.stagedFile(root, 0), 'new');
  staging.restoreProject(root);
  t.deepEqual(readdirSync(root), ['a']);
});

test('a directory that does not exist needs nothing undone, and none is made', (t) => {
  const root = join(newRoot(t), 'absent');
  staging.restoreProject(root);
  t.false(existsSync(root));
});

test('a second writer cannot begin while a stage exists, and only the owner can enter it', (t) => {
  const root = newRoot(t);
  staging.beginStage(root);
  t.throws(() => staging.beginStage(root), {code: 'EEXIST'});
  staging.endStage(root);
  staging.endStage(root);
  t.deepEqual(readdirSync(root), []);
});

test('the directories that a file lacks are listed from the outside', (t) => {
  const root = newRoot(t);
  t.deepEqual(staging.missingDirectories(join(root, 'file')), []);
  t.deepEqual(staging.missingDirectories(join(root, 'a/b/file')), [join(root, 'a'), join(root, 'a/b')]);
  mkdirSync(join(root, 'a'));
  t.deepEqual(staging.missingDirectories(join(root, 'a/b/file')), [join(root, 'a/b')]);
  t.deepEqual(staging.missingDirectories(dirname('/')), []);
});
