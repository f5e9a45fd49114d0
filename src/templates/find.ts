import {readdirSync, readFileSync, statSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {didYouMean, InputError} from '../model/index.js';

/**
 * The absolute path of a template, looked up in `folders`, first match wins; the ending `.ejs` may be left out. A name
 * that begins with `./` or `../` is relative to `from`, the file that asks for it.
 * Throws `InputError` naming the folders searched and the nearest name in them.
 */
export function findTemplate(name: string, folders: readonly string[], from?: string): string {
  const bases = from !== undefined && /^\.\.?\//.test(name) ? [dirname(from)] : folders;
  return findFile(name, bases, ['', '.ejs']);
}

/** The bytes of a local file, looked up as templates are but under its exact name; `opened` is told. Throws `InputError`. */
export function loadFile(name: string, folders: readonly string[], opened?: (file: string) => void): Buffer {
  const file = findFile(name, folders, ['']);
  opened?.(file);
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InputError([{message: error instanceof Error ? error.message : String(error)}]);
  }
}

function findFile(name: string, bases: readonly string[], endings: readonly string[]): string {
  const candidates = bases.flatMap((folder) => endings.map((ending) => resolve(folder, `${name}${ending}`)));
  const found = candidates.find((file) => statSync(file, {throwIfNoEntry: false})?.isFile());
  if (found !== undefined) return found;
  const hint = didYouMean(name, bases.flatMap(namesIn)) ?? placeFor(name, bases);
  throw new InputError([{message: missing(name, bases), hint}]);
}

function missing(name: string, folders: readonly string[]): string {
  const searched = folders.map((folder) => `${relative('', folder) || '.'}/`);
  return `no file "${name}" in ${searched.length > 0 ? searched.join(' or ') : 'any folder: none was given'}`;
}

/** The first folder is the user's own. */
function placeFor(name: string, [folder]: readonly string[]): string | undefined {
  return folder === undefined ? undefined : `put it here: ${relative('', resolve(folder, name))}`;
}

function namesIn(folder: string): string[] {
  if (!statSync(folder, {throwIfNoEntry: false})?.isDirectory()) return [];
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
