import {randomInt} from 'node:crypto';
import {type Diagnostic, InputError} from '../model/index.js';

/** Throws `InputError` for a text that cannot be the name of a secret. */
export function checkName(name: string, at?: Diagnostic['at']): void {
  if (typeof name === 'string' && /^[A-Za-z0-9]+(?:[/_.-][A-Za-z0-9]+)*$/.test(name)) return;
  const hint = 'Use letters and digits, separated by "/", "-", "_" or ".".';
  throw new InputError([{message: `${JSON.stringify(name)} is not a name of a secret`, at, hint}]);
}

/** The environment variable that overrides a secret: `mysql/app` is `INFRA_SECRET_MYSQL_APP`. */
export const variableOf = (name: string) => `INFRA_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/** Masking a shorter value would garble the output, and the value could still be guessed. */
const SHORTEST = 4;

/** Throws `InputError` for a value that is too short to be masked in the output. `place`: where it comes from. */
export function checkLength(name: string, clear: string, place: string, at?: Diagnostic['at']): void {
  if (clear.length >= SHORTEST) return;
  const fault = clear === '' ? 'is empty' : `has fewer than ${SHORTEST} characters, too few to be masked in the output`;
  throw new InputError([
    {
      message: `the secret "${name}" in ${place} ${fault}`,
      at,
      hint: 'Choose a longer one, or remove it to have one generated.',
    },
  ]);
}

/** The default length of a generated password, in characters. */
export const PASSWORD_LENGTH = 32;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A password of letters and digits; `randomInt` draws without bias from the system's generator. 32 are 190 bits. */
export function generatePassword(length = PASSWORD_LENGTH): string {
  return Array.from({length}, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
