import type {Secret} from '../../shell/index.js';

/** A stretch of a text that must not be shown, in UTF-16 units: from its first character to before `to`. */
export type SecretPart = readonly [from: number, to: number];

/**
 * Where the secrets that were printed into a text stand in it, in order and apart from each other. Undefined when that
 * cannot be told for certain, so that all of the text is to be hidden: one is too short to be told from other text, or
 * stands there less often than it was printed, so it must have been changed afterwards.
 */
export function findSecrets(text: string, printed: readonly Secret[]): readonly SecretPart[] | undefined {
  const counts = new Map<string, number>();
  for (const clear of printed.map((each) => each.reveal())) counts.set(clear, (counts.get(clear) ?? 0) + 1);
  const parts: SecretPart[] = [];
  for (const [clear, count] of counts) {
    const found = clear.length < SHORTEST ? [] : occurrences(text, clear);
    if (found.length < count) return undefined;
    parts.push(...found);
  }
  return united(parts);
}

/** The lines of a text (without their line breaks) that are to be hidden, white space aside. */
export function hideLines(text: string, isHidden: (line: string) => boolean): readonly SecretPart[] {
  let start = 0;
  return text.split('\n').flatMap((line): SecretPart[] => {
    const from = start;
    start += line.length + 1;
    return line.trim() !== '' && isHidden(line) ? [[from, from + line.length]] : [];
  });
}

/** Shorter secrets stand by chance in other words. */
const SHORTEST = 4;

function occurrences(text: string, clear: string): SecretPart[] {
  const found: SecretPart[] = [];
  for (let at = text.indexOf(clear); at >= 0; at = text.indexOf(clear, at + 1)) {
    found.push([at, at + clear.length]);
  }
  return found;
}

function united(parts: readonly SecretPart[]): SecretPart[] {
  const merged: SecretPart[] = [];
  for (const [from, to] of parts.toSorted(([left], [right]) => left - right)) {
    const last = merged.at(-1);
    if (last === undefined || from > last[1]) merged.push([from, to]);
    else merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return merged;
}
