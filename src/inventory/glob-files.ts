import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {namesIn} from '../local/read-file.js';
import {matchesGlob} from '../model/index.js';

/**
 * The paths that an absolute pattern means, sorted, as `glob(3)`: `*` and `?` stay in one directory and pass over dots.
 */
export function globFiles(pattern: string): string[] {
  const parts = pattern.split('/').filter((part) => part !== '');
  return parts.reduce((directories, part) => directories.flatMap((directory) => matchesIn(directory, part)), ['/']);
}

function matchesIn(directory: string, part: string): string[] {
  if (!/[*?[]/.test(part)) return existsSync(join(directory, part)) ? [join(directory, part)] : [];
  const names = namesIn(directory).filter((name) => part.startsWith('.') || !name.startsWith('.'));
  return names.filter((name) => matchesGlob(part, name)).map((name) => join(directory, name));
}
