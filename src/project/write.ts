import {
  chmodSync,
  chownSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join, resolve, sep} from 'node:path';
import {holdSignals} from '../local/signals.js';
import {replaceFile} from '../local/write-file.js';
import {type Diagnostic, InputError} from '../model/index.js';
import {digestOf} from './answers.js';
import type {FileChange} from './compare.js';
import * as staging from './staging.js';

/**
 * Makes changes to a directory, which is created where it is missing: all of them or none. `same` changes are skipped;
 * leave out those that the user refused. A file keeps its mode and owner. A failure undoes everything at once; after a
 * kill, the next `compareProject` or `writeProject` undoes it. Signals wait until the end. Rejects with `InputError`
 * when the file system refuses a change, and when a symbolic link leads out of the directory.
 */
export async function writeProject(root: string, changes: readonly FileChange[]): Promise<void> {
  const wanted = changes.filter(({kind}) => kind !== 'same');
  const directory = resolve(root);
  if (wanted.length > 0) await holdSignals(() => writeAll(directory, wanted));
}

function writeAll(root: string, changes: readonly FileChange[]): void {
  const made = makeRoot(root);
  try {
    staging.restoreProject(root);
    const paths = changes.map(({path}) => path);
    const targets = targetsIn(root, paths);
    staging.beginStage(root);
    putInPlace(stageAll(root, changes, targets), root);
    rmSync(staging.journalFile(root));
  } catch (cause) {
    staging.restoreProject(root);
    if (made !== undefined) removeMade(root, made);
    throw cause instanceof InputError ? cause : refusal(root, cause);
  }
  staging.endStage(root);
}

/** Creates the project's directory, and gives the outermost directory that had to be created for it. */
function makeRoot(root: string): string | undefined {
  try {
    return mkdirSync(root, {recursive: true});
  } catch (cause) {
    throw refusal(root, cause);
  }
}

function stageAll(root: string, changes: readonly FileChange[], targets: readonly string[]): staging.WriteJournal {
  const files = changes.map(({after}, index) => stage(root, index, after, targets[index] ?? ''));
  const journal = {files, directories: [...new Set(targets.flatMap(staging.missingDirectories))]};
  replaceFile(staging.journalFile(root), JSON.stringify(journal));
  return journal;
}

function stage(root: string, index: number, text: string, file: string): staging.WriteJournal['files'][number] {
  const staged = staging.stagedFile(root, index);
  writeFileSync(staged, text, {flush: true});
  const former = statSync(file, {throwIfNoEntry: false});
  if (former !== undefined) {
    copyFileSync(file, staging.formerFile(root, index));
    for (const each of [staged, staging.formerFile(root, index)]) {
      const {uid, gid} = statSync(each);
      if (uid !== former.uid || gid !== former.gid) chownSync(each, former.uid, former.gid);
      chmodSync(each, former.mode & 0o7777);
    }
  }
  return {file, existed: former !== undefined, digest: digestOf(text)};
}

function putInPlace({files, directories}: staging.WriteJournal, root: string): void {
  for (const directory of directories) mkdirSync(directory);
  for (const [index, {file}] of files.entries()) renameSync(staging.stagedFile(root, index), file);
}

/** Removes the directories from the project's up to the outermost one that was created, if they are empty. */
function removeMade(root: string, made: string): void {
  for (let directory = root; directory.length >= made.length; directory = dirname(directory))
    staging.removeEmpty(directory);
}

function refusal(root: string, cause: unknown): InputError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const hint = 'Nothing was changed. Check permissions and free space, and try again.';
  return new InputError([{message: `the project cannot be written to ${root}: ${reason}`, hint}]);
}

/**
 * The absolute paths of the files of a project, with links inside of the project followed. Throws `InputError` with all
 * paths that are refused: a link that leads out of the project or nowhere, a directory in place of a file, a file in
 * place of a directory.
 */
function targetsIn(root: string, paths: readonly string[]): readonly string[] {
  const real = realpathSync(root);
  const found = paths.map((path) => follow(real, path));
  const faults = found.filter((each) => typeof each !== 'string');
  if (faults.length > 0) throw new InputError(faults);
  return found.filter((each) => typeof each === 'string');
}

function follow(root: string, path: string): string | Diagnostic {
  const parts = path.split('/');
  if (parts.some((part) => ['', '.', '..'].includes(part)))
    return fault(path, 'it is not a path inside of the project');
  let place = root;
  for (const [index, part] of parts.entries()) {
    const next = join(place, part);
    const stats = lstatSync(next, {throwIfNoEntry: false});
    if (stats === undefined) return join(next, ...parts.slice(index + 1));
    const target = stats.isSymbolicLink() ? linked(next) : next;
    if (target === undefined || !`${target}${sep}`.startsWith(`${root}${sep}`))
      return fault(parts.slice(0, index + 1).join('/'), 'it is a link that leads out of the project or nowhere');
    const wrong = misfit(lstatSync(target), index === parts.length - 1);
    if (wrong !== undefined) return fault(parts.slice(0, index + 1).join('/'), wrong);
    place = target;
  }
  return place;
}

function linked(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

function misfit(stats: Stats, isLast: boolean): string | undefined {
  if (isLast) return stats.isFile() ? undefined : 'it is not a file';
  return stats.isDirectory() ? undefined : 'it is not a directory';
}

const fault = (path: string, reason: string): Diagnostic => ({
  message: `${path} cannot be written: ${reason}`,
  hint: 'Move it to another place and try again.',
});
