import {readdirSync, statSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {type Content, didYouMean, type Environment, InputError} from '../model/index.js';
import {readContent} from './read-content.js';

/**
 * The absolute path of a template, looked up in `directories`, first match wins; the ending `.ejs` may be left out. A
 * name that begins with `./` or `../` is relative to `from`, the file that asks for it.
 * Throws `InputError` naming the directories searched and the nearest name in them.
 */
export function findTemplate(name: string, directories: readonly string[], from?: string): string {
  const bases = from !== undefined && /^\.\.?\//.test(name) ? [dirname(from)] : directories;
  return findFile(name, bases, ['', '.ejs']);
}

/**
 * A local file as content, looked up as templates are but under its exact name; `opened` is told. It is read and
 * digested once a run, however many hosts get it. Throws `InputError`.
 */
export function loadFile(name: string, environment: Environment, sensitive: boolean): Content {
  const {templateDirectories, opened, contents} = environment;
  const file = findFile(name, templateDirectories, ['']);
  opened?.(file);
  const key = `${file} ${sensitive}`;
  const known = contents?.get(key);
  if (known) return known;
  try {
    const content = readContent(file, sensitive);
    contents?.set(key, content);
    return content;
  } catch (error) {
    throw new InputError([{message: error instanceof Error ? error.message : String(error)}]);
  }
}

function findFile(name: string, bases: readonly string[], endings: readonly string[]): string {
  const candidates = bases.flatMap((directory) => endings.map((ending) => resolve(directory, `${name}${ending}`)));
  const found = candidates.find((file) => statSync(file, {throwIfNoEntry: false})?.isFile());
  if (found !== undefined) return found;
  const hint = didYouMean(name, bases.flatMap(namesIn)) ?? placeFor(name, bases);
  throw new InputError([{message: missing(name, bases), hint}]);
}

function missing(name: string, directories: readonly string[]): string {
  const searched = directories.map((directory) => `${relative('', directory) || '.'}/`);
  return `no file "${name}" in ${searched.length > 0 ? searched.join(' or ') : 'any directory: none was given'}`;
}

/** The first directory is the user's own. */
function placeFor(name: string, [directory]: readonly string[]): string | undefined {
  return directory === undefined ? undefined : `put it here: ${relative('', resolve(directory, name))}`;
}

function namesIn(directory: string): string[] {
  if (!statSync(directory, {throwIfNoEntry: false})?.isDirectory()) return [];
  return readdirSync(directory, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
}
