import {Content} from '../model/index.js';
import {Command, Secret} from '../shell/index.js';

/** What a task is asked for as plain data: secrets and commands in clear, of code its text. It is only ever digested. */
export function plainWish(value: unknown, above: readonly unknown[] = []): unknown {
  if (typeof value === 'function') return {code: sourceOf(value as Code)};
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret || value instanceof Command) return {text: value.reveal()};
  if (value instanceof Content) return {sha256: value.sha256};
  if (value instanceof RegExp || value instanceof Date) return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (above.includes(value)) return 'itself';
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((each) => plainWish(each, inside));
  const known = Object.entries(value).filter(([, each]) => each !== undefined);
  const sorted = known.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return sorted.map(([name, each]) => [name, plainWish(each, inside)]);
}

type Code = (...values: never[]) => unknown;

/** Without white space: the same code is laid out in another way when its types were not checked before. */
export const sourceOf = (code: Code): string => String(code).replaceAll(/\s+/g, '');
