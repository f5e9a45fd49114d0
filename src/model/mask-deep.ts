/**
 * The same value with a mask over every text in it, names too: output that came back from a host may repeat a secret
 * anywhere. Of two names that are the same then, the later one stays. What is `undefined` is left out, as in JSON.
 * `masked`: names of fields that are masked already and stay as they are.
 */
export function maskDeep<T>(value: T, mask: (text: string) => string, masked: readonly string[] = []): T {
  // Every branch gives back what it was given, but for what stands in texts.
  if (typeof value === 'string') return mask(value) as T;
  if (Array.isArray(value)) return value.map((each) => maskDeep(each, mask, masked)) as T;
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).flatMap(([name, each]) => {
    if (each === undefined) return [];
    return [masked.includes(name) ? [name, each] : [mask(name), maskDeep(each, mask, masked)]];
  });
  return Object.fromEntries(fields) as T;
}
