import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** The project's `.infra`, which Git ignores; made if it is missing, for its owner alone. Throws what the file system says. */
export function privateFolder(root: string): string {
  const folder = join(root, '.infra');
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const ignoring = join(folder, '.gitignore');
  if (!existsSync(ignoring)) writeFileSync(ignoring, '*\n');
  return folder;
}
