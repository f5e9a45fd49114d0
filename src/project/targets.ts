import {lstatSync, realpathSync, type Stats} from 'node:fs';
import {join, sep} from 'node:path';
import {type Diagnostic, InputError} from '../model/index.js';

/**
 * Where the files of a project come to lie: absolute paths, links inside of the project followed. Throws `InputError`
 * with all that are refused: a link that leads out of the project or nowhere, a directory in a file's place, a file in
 * a directory's.
 */
export function targetsIn(root: string, paths: readonly string[]): readonly string[] {
  const real = realpathSync(root);
  const found = paths.map((path) => follow(real, path));
  const faults = found.filter((each) => typeof each !== 'string');
  if (faults.length > 0) throw new InputError(faults);
  return found.filter((each) => typeof each === 'string');
}

function follow(root: string, path: string): string | Diagnostic {
  const parts = path.split('/');
  if (parts.some((part) => ['', '.', '..'].includes(part))) return fault(path, 'it is no path inside of the project');
  let place = root;
  for (const [index, part] of parts.entries()) {
    const next = join(place, part);
    const stats = lstatSync(next, {throwIfNoEntry: false});
    if (stats === undefined) return join(next, ...parts.slice(index + 1));
    const target = stats.isSymbolicLink() ? linked(next) : next;
    if (target === undefined || !`${target}${sep}`.startsWith(`${root}${sep}`))
      return fault(parts.slice(0, index + 1).join('/'), 'it is a link that leads out of the project, or nowhere');
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
  if (isLast) return stats.isFile() ? undefined : 'it is no file';
  return stats.isDirectory() ? undefined : 'it is no directory';
}

const fault = (path: string, reason: string): Diagnostic => ({
  message: `${path} cannot be written: ${reason}`,
  hint: 'move it away, and try again',
});
