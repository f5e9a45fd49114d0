import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {ANSWERS, digestOf, parseWritten} from './answers.js';

/** What writing a file would do. */
export interface FileChange {
  readonly path: string;
  /**
   * `new`: it is not there. `same`: nothing to write. `changed`: as infra left it, and to be written anew. `edited`: by
   * hand since then, or never infra's: ask before it is overwritten.
   */
  readonly kind: 'new' | 'same' | 'changed' | 'edited';
  /** Its present text; undefined where there is none. */
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Compares the files of `renderProject` with those of a folder, in their order. A file that was edited by hand stays the
 * user's, and is `same`, for as long as infra would not write another text than it last did.
 */
export function compareProject(root: string, files: ReadonlyMap<string, string>): readonly FileChange[] {
  const written = parseWritten(read(join(root, ANSWERS)) ?? '');
  return [...files].map(([path, after]): FileChange => {
    const before = read(join(root, path));
    if (before === undefined) return {path, kind: 'new', before, after};
    if (before === after || written[path] === digestOf(after)) return {path, kind: 'same', before, after};
    const own = path === ANSWERS || written[path] === digestOf(before);
    return {path, kind: own ? 'changed' : 'edited', before, after};
  });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
