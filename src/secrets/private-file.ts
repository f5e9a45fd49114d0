import {readFileSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {InputError} from '../model/index.js';

/** The text of a file that only its owner may read; undefined if there is no file. Throws `InputError`. */
export function readPrivate(file: string): string | undefined {
  try {
    const stat = statSync(file, {throwIfNoEntry: false});
    if (stat === undefined) return undefined;
    refuseMode(file, stat.mode & 0o077, 'others than its owner may read', 'chmod 600');
    refuseMode(dirname(file), statSync(dirname(file)).mode & 0o022, 'others than its owner may write to', 'chmod 700');
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof InputError || !(cause instanceof Error)) throw cause;
    throw new InputError([{message: `${file} cannot be read: ${cause.message}`, hint: 'mend that, then try again'}]);
  }
}

function refuseMode(path: string, excess: number, what: string, command: string): void {
  if (excess === 0) return;
  throw new InputError([{message: `${path} holds a private key and ${what} it`, hint: `run: ${command} ${path}`}]);
}
