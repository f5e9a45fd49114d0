/** `a`, `a or b`, `a, b or c`: `separator` is before the last word, a comma between the others. */
export function inWords(words: readonly string[], separator: string): string {
  const [last = '', ...others] = [...words].reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')}${separator}${last}`;
}

/** `1 host`, `3 hosts`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
