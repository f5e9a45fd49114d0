import {randomUUID} from 'node:crypto';
import {closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {errorCode} from './read-file.js';

/**
 * Replaces a file of this machine with a text, whole or not at all: the text is on disk before it gets the name. Only
 * the owner can read and write the file unless another mode is given. Throws errors of the file system; nothing is left
 * behind then.
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

/**
 * Makes a file with a text. False, and nothing is written, when there is a file of this name already: of several
 * processes that try it at once, one makes it. Throws any other error of the file system.
 */
export function createFile(file: string, text: string, mode: number): boolean {
  try {
    writeFileSync(file, text, {flag: 'wx', mode});
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false;
    throw cause;
  }
}

/**
 * Makes a directory for its owner alone, if it is missing, which Git ignores with all that is in it. Returns its path.
 * Throws errors of the file system.
 */
export function privateDirectory(directory: string): string {
  mkdirSync(directory, {recursive: true, mode: 0o700});
  createFile(join(directory, '.gitignore'), '*\n', 0o644);
  return directory;
}
