import {mkdirSync, readFileSync, realpathSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {InputError} from '../model/index.js';
import {refuseUnignored} from './git-ignored.js';
import {replaceFile} from './replace-file.js';

/** The text of a file that only its owner may read; undefined if there is no file. Throws `InputError`. */
export function readPrivate(file: string): string | undefined {
  return orUnusable(file, 'read', () => {
    const stat = statSync(file, {throwIfNoEntry: false});
    if (stat === undefined) return undefined;
    refuseMode(file, stat.mode & 0o077, 'others than its owner may read', 'chmod 600');
    refuseMode(dirname(file), statSync(dirname(file)).mode & 0o022, 'others than its owner may write to', 'chmod 700');
    return readFileSync(file, 'utf8');
  });
}

/** Puts a text in place of a file: whole or not at all, for its owner alone, and not where Git would take it. */
export function replacePrivate(file: string, text: string): void {
  orUnusable(file, 'written', () => {
    mkdirSync(dirname(file), {recursive: true, mode: 0o700});
    refuseUnignored(file);
    const target = statSync(file, {throwIfNoEntry: false}) === undefined ? file : realpathSync(file);
    replaceFile(target, text);
  });
}

function refuseMode(path: string, excess: number, what: string, command: string): void {
  if (excess === 0) return;
  throw new InputError([{message: `${path} holds passwords and ${what} it`, hint: `run: ${command} ${path}`}]);
}

function orUnusable<T>(file: string, verb: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    if (cause instanceof InputError || !(cause instanceof Error)) throw cause;
    const hint = 'mend that, or give the secrets in the environment as INFRA_SECRET_…';
    throw new InputError([{message: `${file} cannot be ${verb}: ${cause.message}`, hint}]);
  }
}
