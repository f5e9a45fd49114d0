import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** Puts shell programs into a directory that is to come first in PATH: they stand in for those of a host. */
export function writePrograms(directory: string, programs: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(directory, name), `#!/bin/sh\n${text}\n`, {mode: 0o755});
}
