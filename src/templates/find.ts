import {createHash} from 'node:crypto';
import {closeSync, createReadStream, openSync, readdirSync, readFileSync, readSync, statSync} from 'node:fs';
import {dirname, join, relative, resolve} from 'node:path';
import {Content, didYouMean, type Environment, InputError} from '../model/index.js';

/**
 * The absolute path of a template, looked up in `directories`, first match wins; the ending `.ejs` may be left out. A
 * name that begins with `./` or `../` is relative to `from`, the file that asks for it. Throws `InputError` naming the
 * directories searched and the nearest name in them.
 */
export function findTemplate(name: string, directories: readonly string[], from?: string): string {
  const bases = from !== undefined && /^\.\.?\//.test(name) ? [dirname(from)] : directories;
  return findFile(name, bases, ['', '.ejs']);
}

/**
 * A local file as content, looked up as templates are but under its exact name; `opened` is called with its path. It is
 * read and digested once a run, however many hosts get it. Throws `InputError`.
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
  return directory === undefined ? undefined : `Put it here: ${relative('', resolve(directory, name))}`;
}

function namesIn(directory: string): string[] {
  if (!statSync(directory, {throwIfNoEntry: false})?.isDirectory()) return [];
  return readdirSync(directory, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
}

/** Bytes up to which a file is kept in memory: larger ones are never shown, and are read again when they are sent. */
const KEPT = 64 * 1024;

/** Bytes that are read at once. */
const PIECE = 256 * 1024;

/** A local file as content. Throws what `node:fs` throws. */
function readContent(file: string, sensitive: boolean): Content {
  if (statSync(file).size <= KEPT) return Content.of(readFileSync(file), sensitive);
  const {sha256, size} = digestOf(file);
  return new Content({sha256, size, sensitive, read: () => pieces(file, sha256)});
}

function digestOf(file: string): {sha256: string; size: number} {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(PIECE);
  const descriptor = openSync(file, 'r');
  try {
    let size = 0;
    for (;;) {
      const length = readSync(descriptor, buffer);
      if (length === 0) return {sha256: hash.digest('hex'), size};
      hash.update(buffer.subarray(0, length));
      size += length;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Rejects at the end when the file is no longer the one of the digest: before anything was done with what was sent. */
async function* pieces(file: string, sha256: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest('hex') !== sha256) throw new Error(`${file} has changed since it was planned`);
}
