import {randomInt} from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A password of letters and digits; `randomInt` draws without bias from the system's generator. 32 are 190 bits. */
export function generatePassword(length = 32): string {
  return Array.from({length}, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
