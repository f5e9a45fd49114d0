import {createRequire} from 'node:module';

/** Loaded on first use: it costs 26 ms, and many runs have nothing to compare. */
export function diffLibrary(): typeof import('diff') {
  // `require` is untyped; the package's own types describe what it returns.
  return createRequire(import.meta.url)('diff') as typeof import('diff');
}
