import {InputError} from '../model/index.js';
import {MASK, Secret} from '../shell/index.js';

/** Names that EJS or we use inside a rendered template. */
const TAKEN = new Set(['vars', 'include', 'escapeFn', 'rethrow', 'arguments', 'eval']);

const RESERVED = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof var void while with yield undefined NaN Infinity'
  ).split(' '),
);

/**
 * The variables that a template can use by their bare name. The others (`my-name`, `default`) it reaches as
 * `vars['my-name']`. Throws `InputError` on a name that means something else inside a template.
 */
export function bareNames(vars: object, file: string): string[] {
  const names = Object.keys(vars);
  const taken = names.filter((name) => TAKEN.has(name) || name.startsWith('__'));
  if (taken.length > 0) {
    throw new InputError(
      taken.map((name) => ({message: `template ${file}: a variable must not be named "${name}"`, hint: 'Rename it.'})),
    );
  }
  return names.filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && !RESERVED.has(name));
}

/** A template prints a value that cannot be intended. The message names the value. */
export class PrintError extends Error {}

/**
 * What a printed value becomes in a file: secrets in clear (and `onSecret` is called), text and numbers as they are.
 * Throws {@link PrintError} on values that would print as nothing or as nonsense.
 */
export function print(value: unknown, onSecret: (secret: Secret) => void): string {
  if (value instanceof Secret) {
    onSecret(value);
    return value.reveal();
  }
  const fault = faultOf(value);
  if (fault !== undefined) throw new PrintError(fault);
  if (Array.isArray(value)) return value.map((each) => print(each, onSecret)).join(',');
  const text = String(value);
  if (text.includes(MASK))
    throw new PrintError('holds a secret joined to other text; print the secret in a tag of its own');
  return text;
}

function faultOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return `is ${value}`;
  if (typeof value === 'function') return 'is a function';
  if (Number.isNaN(value)) return 'is not a number (NaN)';
  if (typeof value === 'object' && String(value) === '[object Object]') return 'is an object; print its parts';
  return undefined;
}
