import {readdirSync, readFileSync, realpathSync, statSync} from 'node:fs';
import {createRequire, isBuiltin} from 'node:module';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {SourceText} from '../model/index.js';

/**
 * All code that runs with a playbook, as absolute paths: the playbook with the files that it imports, and the files of
 * packages. Files of Node and of this package are not among them.
 */
export function codeFiles(playbook: string): Readonly<Record<'playbook' | 'package', readonly string[]>> {
  const sources = loadSources(playbook);
  return {playbook: sources.map(({file}) => file), package: packageFiles(sources)};
}

/**
 * A playbook and all files that it imports by their paths, directly or not. Missing files are left out, and so are
 * names that are only known when it runs: `import(name)`.
 */
export function loadSources(file: string): SourceText[] {
  const sources = new Map<string, SourceText>();
  const visit = (path: string) => {
    if (sources.has(path)) return;
    const text = readFileSync(path, 'utf8');
    sources.set(path, {file: path, text});
    for (const {specifier} of localNames(text)) {
      const target = targetOf(specifier, path);
      if (target !== undefined) visit(target);
    }
  };
  visit(file);
  return [...sources.values()];
}

/**
 * The imports of a module's text that name files, with the offsets where they stand. Text that only looks like an
 * import does no harm.
 */
export function localNames(text: string): {specifier: string; offset: number}[] {
  return importedNames(text).filter(({specifier}) => LOCAL.test(specifier));
}

/**
 * The file that a relative import means: as written, the TypeScript file next to a name in `.js`, or with the extension or
 * `/index` left out. Undefined when there is none.
 */
export function resolveLocal(specifier: string, importer: string): string | undefined {
  const path = resolve(dirname(importer), specifier);
  const source = path.replace(/\.(m?)js$/, '.$1ts');
  const guesses = ['.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'].map((ending) => path + ending);
  return [path, source, ...guesses].find((each) => statSync(each, {throwIfNoEntry: false})?.isFile());
}

/** Where this package is as playbooks import it. */
export const INFRA = new URL('../index.js', import.meta.url).href;

/** The imports of a module's text that name packages, by the packages' names. */
function packageNames(text: string): string[] {
  const names = importedNames(text).filter(({specifier}) => !LOCAL.test(specifier));
  return [...new Set(names.map(({specifier}) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? ''))];
}

/**
 * Relative, absolute, a URL, or one of the names that the package.json of the playbook's own package gives its files.
 */
const LOCAL = /^(\.{1,2}(\/|$)|\/|file:|#)/;

function importedNames(text: string): {specifier: string; offset: number}[] {
  return [...text.matchAll(/\b(?:from|import|require)\s*\(?\s*(?=(['"])([^'"\n]+)\1)/g)].map((found) => ({
    specifier: found[2] ?? '',
    offset: found.index + found[0].length,
  }));
}

function targetOf(specifier: string, importer: string): string | undefined {
  try {
    if (specifier.startsWith('#')) return createRequire(importer).resolve(specifier);
    return resolveLocal(specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier, importer);
  } catch {
    return undefined;
  }
}

/**
 * The files of all packages that a playbook's files import, and of those that these depend on: absolute paths, links
 * resolved as Node does it. Whole packages, because what a package reads is known only when it runs; without files
 * that never run: declarations of types and source maps. This package itself is left out, and so are packages that are
 * not installed.
 */
function packageFiles(sources: readonly SourceText[]): string[] {
  const directories = new Set<string>();
  const visit = (name: string, importer: string) => {
    const directory = name === 'infra' || isBuiltin(name) ? undefined : packageDirectory(name, importer);
    if (directory === undefined || directory === OURSELVES || directories.has(directory)) return;
    directories.add(directory);
    for (const each of dependenciesOf(directory)) visit(each, directory);
  };
  for (const {file, text} of sources) {
    for (const name of packageNames(text)) visit(name, dirname(file));
  }
  return [...new Set([...directories].flatMap(filesIn))].sort();
}

const OURSELVES = realpathSync(fileURLToPath(new URL('../../../', import.meta.url)));

/** In the `node_modules` of the directory or of one above it. */
function packageDirectory(name: string, from: string): string | undefined {
  const found = join(from, 'node_modules', name);
  if (statSync(join(found, 'package.json'), {throwIfNoEntry: false})?.isFile()) return realpathSync(found);
  return dirname(from) === from ? undefined : packageDirectory(name, dirname(from));
}

/** What a package.json has of interest here; each part may be missing. */
interface Manifest {
  readonly dependencies?: object;
  readonly optionalDependencies?: object;
  readonly peerDependencies?: object;
}

function dependenciesOf(directory: string): string[] {
  const {dependencies, optionalDependencies, peerDependencies} = manifestIn(directory);
  return Object.keys({...dependencies, ...optionalDependencies, ...peerDependencies});
}

/** Empty where the file is not JSON: Node does not load such a package. */
function manifestIn(directory: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return {};
  }
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, {withFileTypes: true}).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : filesIn(path);
    return NEVER_RUNS.test(entry.name) || !statSync(path, {throwIfNoEntry: false})?.isFile() ? [] : [path];
  });
}

/** Packages inside are found by their names; Git's directory is not part of a package. */
const LEFT_OUT = new Set(['node_modules', '.git']);

const NEVER_RUNS = /\.(d\.[cm]?ts|map)$/;
