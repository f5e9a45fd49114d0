/** `a`, `a or b`, `a, b or c`: `separator` is before the last word, a comma between the others. */
export function inWords(words: readonly string[], separator: string): string {
  const [last = '', ...others] = [...words].reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')}${separator}${last}`;
}

/** `1 host`, `3 hosts`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a host`, `3 hosts`. */
export function oneOrCounted(count: number, noun: string): string {
  return count === 1 ? `a ${noun}` : counted(count, noun);
}

/** `2026-11-30 12:00:00 UTC`. */
export function inUtc(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
