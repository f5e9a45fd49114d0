import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {namesIn} from '../local/read-file.js';
import {matchesGlob} from '../model/index.js';

/** The paths that an absolute pattern means, sorted, as `glob(3)`: `*` and `?` stay in one folder and pass over dots. */
export function globFiles(pattern: string): string[] {
  const parts = pattern.split('/').filter((part) => part !== '');
  return parts.reduce((folders, part) => folders.flatMap((folder) => matchesIn(folder, part)), ['/']);
}

function matchesIn(folder: string, part: string): string[] {
  if (!/[*?[]/.test(part)) return existsSync(join(folder, part)) ? [join(folder, part)] : [];
  const names = namesIn(folder).filter((name) => part.startsWith('.') || !name.startsWith('.'));
  return names.filter((name) => matchesGlob(part, name)).map((name) => join(folder, name));
}
