import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {InputError} from '../model/index.js';

/** Writes a public file that is not there yet; one that another run wrote meanwhile stays. Throws `InputError`. */
export function writeNew(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), {recursive: true, mode: 0o700});
    writeFileSync(file, text, {flag: 'wx', mode: 0o644});
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    // Node gives its file system errors a code.
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw new InputError([{message: `${file} cannot be written: ${cause.message}`, hint: 'mend that and run again'}]);
  }
}
