/** The same value with a mask over every text in it: output that came back from a host may repeat a secret. */
export function maskDeep<T>(value: T, mask: (text: string) => string): T {
  // Every branch gives back what it was given, but for what stands in texts.
  if (typeof value === 'string') return mask(value) as T;
  if (Array.isArray(value)) return value.map((each) => maskDeep(each, mask)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, maskDeep(each, mask)])) as T;
}
