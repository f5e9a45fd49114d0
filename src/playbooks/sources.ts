import {readFileSync} from 'node:fs';
import type {Source} from '../model/index.js';
import {resolveLocal} from './resolve-local.js';

/** A playbook and all files that it imports by relative paths, directly or not. Missing files are left out. */
export function loadSources(file: string): Source[] {
  const sources = new Map<string, Source>();
  const visit = (path: string) => {
    if (sources.has(path)) return;
    const text = readFileSync(path, 'utf8');
    sources.set(path, {file: path, text});
    for (const {specifier} of localNames(text)) {
      const target = resolveLocal(specifier, path);
      if (target !== undefined) visit(target);
    }
  };
  visit(file);
  return [...sources.values()];
}

/** The relative imports of a module's text with the offsets where they stand. Text that only looks so does no harm. */
export function localNames(text: string): {specifier: string; offset: number}[] {
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*(?=(['"])(\.{1,2}\/[^'"\n]*)\1)/g)].map((found) => ({
    specifier: found[2] ?? '',
    offset: found.index + found[0].length,
  }));
}
