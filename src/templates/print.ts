import {MASK, Secret} from '../shell/index.js';

/** A template prints what cannot be meant. The message says what it prints. */
export class PrintError extends Error {}

/**
 * What a printed value becomes in a file: secrets in clear (and `onSecret` is told), text and numbers as they are.
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
