import {check} from '../../model/index.js';
import type {Command} from '../../shell/index.js';

/** Whether something is to be present or absent. */
export const presence = check.optional(check.oneOf('present', 'absent'));

/** A command on a new file before it takes its place. */
export const validate = check.optional(check.callable<(path: string) => Command>('(path) => sh`…`'));

/** A time in seconds; each task type has its own limits. */
export const seconds = check.optional(check.number('a number of seconds', Number.isFinite));

/** A text that may be secret. */
export const textOrSecret = check.either(check.text, check.secret);

/** Any bytes. */
export const bytes = check.custom<Uint8Array>('bytes', undefined, (value) => value instanceof Uint8Array);

/**
 * What is wrong with the name or number of a user or group, in words. Names after useradd(8), with the length that utmp
 * allows; digits alone would be read as a number.
 */
export function accountFault(name: string, id?: number): string | undefined {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}\$?$/.test(name) || /^\d+$/.test(name))
    return `"${name}" is not an account name`;
  if (id !== undefined && !(Number.isInteger(id) && id >= 0 && id < 2 ** 32 - 1))
    return `${id} is not an account number`;
  return undefined;
}
