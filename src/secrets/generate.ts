import {randomInt} from 'node:crypto';

/** Characters of a generated password, unless told otherwise. */
export const PASSWORD_LENGTH = 32;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A password of letters and digits; `randomInt` draws without bias from the system's generator. 32 are 190 bits. */
export function generatePassword(length = PASSWORD_LENGTH): string {
  return Array.from({length}, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
