import {randomUUID} from 'node:crypto';
import {closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';

/**
 * Puts a text in place of a file of this machine: on disk before it takes the name, whole or not at all, readable and
 * writable for its owner alone unless another mode is given. Throws what the file system says; nothing of it is left then.
 */
export function replaceFile(file: string, text: string, mode = 0o600): void {
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    writeDurably(temporary, text, mode);
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, {force: true});
  }
}

function writeDurably(file: string, text: string, mode: number): void {
  const descriptor = openSync(file, 'wx', mode);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
