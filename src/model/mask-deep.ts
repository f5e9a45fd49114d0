/**
 * The same value with a mask over every text in it, names too: output that came back from a host may repeat a secret
 * anywhere. Of two names that are the same then, the later one stays. What is `undefined` is left out, as in JSON.
 */
export function maskDeep<T>(value: T, mask: (text: string) => string): T {
  // Every branch gives back what it was given, but for what stands in texts.
  if (typeof value === 'string') return mask(value) as T;
  if (Array.isArray(value)) return value.map((each) => maskDeep(each, mask)) as T;
  if (value === null || typeof value !== 'object') return value;
  const known = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(known.map(([name, each]) => [mask(name), maskDeep(each, mask)])) as T;
}
