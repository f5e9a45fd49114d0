import {readdirSync, readFileSync, realpathSync, statSync} from 'node:fs';
import {isBuiltin} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Source} from '../model/index.js';
import {loadSources, packageNames} from './sources.js';

const OURSELVES = realpathSync(fileURLToPath(new URL('../../../', import.meta.url)));

/**
 * All code that runs with a playbook, as absolute paths: the playbook with the files that it imports, and the files of
 * packages. What Node and this package bring is not among them.
 */
export function codeFiles(playbook: string): Readonly<Record<'playbook' | 'package', readonly string[]>> {
  const sources = loadSources(playbook);
  return {playbook: sources.map(({file}) => file), package: packageFiles(sources)};
}

/**
 * The files of all packages that a playbook's files import, and of those that these depend on: absolute paths, links
 * resolved as Node does it. Whole packages, because what a package reads only shows when it runs; without what never
 * runs, which is declarations of types and source maps. This package itself is left out, and so is what is not
 * installed.
 */
function packageFiles(sources: readonly Source[]): string[] {
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

/** One that is not JSON is of no package that Node loads. */
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

/** Packages within are found by their names; the other is of the developers. */
const LEFT_OUT = new Set(['node_modules', '.git']);

const NEVER_RUNS = /\.(d\.[cm]?ts|map)$/;
