import {join} from 'node:path';
import {errorCode, namesIn, readIfThere} from '../local/read-file.js';
import {InputError} from '../model/index.js';
import {ANSWERS, digestOf, parseWritten, saySame, type Written} from './answers.js';
import {restoreProject} from './staging.js';

/** What writing a file would do. */
export interface FileChange {
  readonly path: string;
  /**
   * `new`: it does not exist. `same`: nothing to write. `changed`: it is as infra left it and is written again, or
   * lines are only added. `edited`: it was edited by hand since then, or never was infra's: ask before it is
   * overwritten.
   */
  readonly kind: 'new' | 'same' | 'changed' | 'edited';
  /** The text of the existing file; undefined where there is none. */
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Compares the files of `renderProject` with those of a directory, in their order. A file that was edited by hand is
 * the user's, and is `same`, for as long as infra would write the same text there as it last did; so is a sample whose
 * directory is not empty. What an interrupted `writeProject` left is undone first. Throws `InputError` for what cannot
 * be read.
 */
export function compareProject(root: string, files: ReadonlyMap<string, string>): readonly FileChange[] {
  restoreProject(root);
  const before = parseWritten(read(root, ANSWERS) ?? '');
  const after = parseWritten(files.get(ANSWERS) ?? '');
  return [...files].map(([path, text]) => compareFile(root, path, text, {before, after}));
}

/** The digests in the directory's answers file (`before`) and in the new one (`after`). */
interface Known {
  readonly before: Written;
  readonly after: Written;
}

function compareFile(root: string, path: string, after: string, known: Known): FileChange {
  const before = read(root, path);
  const change = (kind: FileChange['kind'], text = after): FileChange => ({path, kind, before, after: text});
  if (before === undefined) return isUnwanted(root, path, known) ? change('same') : change('new');
  if (path === ANSWERS) return saySame(before, after) ? change('same') : change('changed');
  const last = known.before.get(path);
  if (before === after || last === digestOf(after)) return change('same');
  if (last === digestOf(before)) return change('changed');
  if (path === '.gitignore') return change(...ignoringToo(before, after));
  return change('edited');
}

/** A sample is for an empty directory; other files there are the user's. */
function isUnwanted(root: string, path: string, {after}: Known): boolean {
  if (after.has(path) || path === ANSWERS || !path.endsWith('/index.html')) return false;
  return namesIn(join(root, path, '..')).length > 0;
}

/** The user's `.gitignore` with the patterns that it lacks. */
function ignoringToo(before: string, after: string): [FileChange['kind'], string] {
  const lines = before.split('\n').map((line) => line.trim());
  const missing = after.split('\n').filter((line) => line !== '' && !line.startsWith('#') && !lines.includes(line));
  if (missing.length === 0) return ['same', after];
  return ['changed', `${before.replace(/(?<!\n)$/, '\n')}${missing.join('\n')}\n`];
}

function read(root: string, path: string): string | undefined {
  const file = join(root, path);
  try {
    return readIfThere(file);
  } catch (cause) {
    const reason =
      errorCode(cause) === 'EISDIR' ? 'it is a directory' : cause instanceof Error ? cause.message : String(cause);
    throw new InputError([
      {message: `cannot read ${file}: ${reason}`, hint: 'Move it to another place and try again.'},
    ]);
  }
}
