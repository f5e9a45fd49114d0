import {statSync} from 'node:fs';
import {dirname, resolve} from 'node:path';

/**
 * The file that a relative import means: as written, the TypeScript beside a name in `.js`, or with the extension or
 * `/index` left out. Undefined when there is none.
 */
export function resolveLocal(specifier: string, importer: string): string | undefined {
  const path = resolve(dirname(importer), specifier);
  const source = path.replace(/\.(m?)js$/, '.$1ts');
  const guesses = ['.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'].map((ending) => path + ending);
  return [path, source, ...guesses].find((each) => statSync(each, {throwIfNoEntry: false})?.isFile());
}
