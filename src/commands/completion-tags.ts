import path from 'node:path';
import {readIfPossible} from '../local/read-file.js';

/**
 * The tags written out as text (`tags: 'a'`, `tags: ['a', 'b']`) in a playbook and the files that it imports by relative
 * paths. Nothing is run, so a tag that code puts together is not found. A file that cannot be read has none.
 */
export function scanTags(playbook: string): readonly string[] {
  const tags = new Set<string>();
  const files = new Set([path.resolve(playbook)]);
  for (const file of files) {
    const text = readIfPossible(file) ?? '';
    for (const tag of tagsIn(text)) tags.add(tag);
    for (const imported of importsOf(file, text)) files.add(imported);
  }
  return [...tags].sort();
}

function tagsIn(text: string): readonly string[] {
  const written = text.matchAll(/\btags:\s*(\[[^\]]*\]|'[^'\n]*'|"[^"\n]*")/g);
  return [...written].flatMap(([, value = '']) =>
    [...value.matchAll(/'([^'\n]+)'|"([^"\n]+)"/g)].map(([, single, double]) => single ?? double ?? ''),
  );
}

function importsOf(file: string, text: string): readonly string[] {
  const specifiers = text.matchAll(/(?:from|import)\s*\(?\s*['"](\.\.?\/[^'"\n]+)['"]/g);
  return [...specifiers].map(([, to = '']) => path.resolve(path.dirname(file), to.replace(/\.js$/, '.ts')));
}
