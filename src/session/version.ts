import {readFileSync} from 'node:fs';

/** The version of this package. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  // The package's own file, which has a version.
  return (JSON.parse(text) as {version: string}).version;
}
