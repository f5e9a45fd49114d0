import {lstatSync, mkdirSync, realpathSync, type Stats} from 'node:fs';
import {dirname} from 'node:path';
import {userId} from '../local/this-machine.js';

/**
 * Makes a directory for what is run later, and says why it cannot be used: others could put something there. What leads
 * to it belongs to this user or to root, as `/tmp` does; the directory itself to this user alone.
 */
export function faultOfDirectory(directory: string): string | undefined {
  try {
    mkdirSync(directory, {recursive: true, mode: 0o700});
    const [real, ...parents] = withParents(realpathSync(directory));
    const open = parents.find((each) => !isClosed(lstatSync(each)));
    if (real !== undefined && !isOwn(real)) return `${real} belongs to another user, or others may write to it`;
    return open === undefined ? undefined : `others may change what is in ${open}`;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** Whether it is a directory of this user that nobody else may write to. */
export function isOwn(directory: string): boolean {
  const status = lstatSync(directory, {throwIfNoEntry: false});
  return status?.isDirectory() === true && status.uid === userId() && (status.mode & 0o022) === 0;
}

/** In a directory with the sticky bit nobody renames or deletes what belongs to somebody else. */
function isClosed({uid, mode}: Stats): boolean {
  const isOurs = uid === 0 || uid === userId();
  return isOurs && ((mode & 0o002) === 0 || (mode & 0o1000) !== 0);
}

function withParents(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...withParents(parent)];
}
