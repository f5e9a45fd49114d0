import {InputError} from '../model/index.js';

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
      taken.map((name) => ({message: `template ${file}: no variable can be named "${name}"`, hint: 'rename it'})),
    );
  }
  return names.filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && !RESERVED.has(name));
}
