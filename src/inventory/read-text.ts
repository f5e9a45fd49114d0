import {readFileSync} from 'node:fs';
import {errorCode} from '../local/read-file.js';
import {InputError} from '../model/index.js';

/** The text of a file. Throws `InputError` when it cannot be read or is not UTF-8; `hint` is asked only then. */
export function readText(path: string, what: string, hint: () => string): string {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(readFileSync(path));
  } catch (cause) {
    throw new InputError([{message: `cannot read the ${what} ${path}: ${reason(cause)}`, hint: hint()}]);
  }
}

function reason(cause: unknown): string {
  if (cause instanceof TypeError) return 'it is not UTF-8 text';
  const code = errorCode(cause);
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a directory';
  return code === 'EACCES' ? 'permission denied' : String(code ?? cause);
}
