import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';
import type {Source} from '../model/index.js';
import {resolveLocal} from './resolve-local.js';

/**
 * A playbook and all files that it imports by their paths, directly or not. Missing files are left out, and so are names
 * that are only known when it runs: `import(name)`.
 */
export function loadSources(file: string): Source[] {
  const sources = new Map<string, Source>();
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

/** The imports of a module's text that name files, with the offsets where they stand. Text that only looks so does no harm. */
export function localNames(text: string): {specifier: string; offset: number}[] {
  return importedNames(text).filter(({specifier}) => LOCAL.test(specifier));
}

/** The imports of a module's text that name packages, by the packages' names. */
export function packageNames(text: string): string[] {
  const names = importedNames(text).filter(({specifier}) => !LOCAL.test(specifier));
  return [...new Set(names.map(({specifier}) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? ''))];
}

/** Relative, absolute, a URL, or one of the names that the package.json of the playbook's own package gives its files. */
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
