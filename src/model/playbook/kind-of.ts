import {Command, Secret} from '../../shell/index.js';

/** The kind of a value, in words that say nothing about the value itself. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (value instanceof Secret) return 'a secret';
  if (value instanceof Command) return 'a command';
  if (value instanceof Promise) return 'a promise';
  if (Array.isArray(value)) return 'a list';
  return KINDS[typeof value] ?? `a ${typeof value}`;
}

const KINDS: Readonly<Record<string, string>> = {string: 'text', object: 'an object'};
