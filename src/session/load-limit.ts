import {readFileSync} from 'node:fs';
import {InputError} from '../model/index.js';

/**
 * A `--limit` with every `@file` in it replaced by the patterns in that file, one a line; `#` begins a comment. Throws
 * `InputError` for a file that cannot be read or holds no pattern.
 */
export function loadLimit(limit: string): string {
  if (!limit.includes('@')) return limit;
  const terms = limit.split(',').map((term) => term.trim());
  return terms.map((term) => (term.startsWith('@') ? loadPatterns(term.slice(1)) : term)).join(',');
}

function loadPatterns(file: string): string {
  const lines = read(file).split('\n');
  const patterns = lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
  if (patterns.length > 0) return patterns.join(',');
  throw new InputError([{message: `--limit @${file}: the file names no host`, hint: 'Put one pattern on each line.'}]);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError([
      {message: `--limit @${file}: ${reason}`, hint: 'Name a file with one pattern on each line.'},
    ]);
  }
}
