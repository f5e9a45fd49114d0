import {check} from '../../model/index.js';

/**
 * Text of a file as bytes: each character is one byte, so that what is not UTF-8 survives an edit unharmed. Made by
 * {@link bytesOf}, read by {@link textOf}.
 */
export type Bytes = string;

/** The UTF-8 bytes of a text. */
export const bytesOf = (text: string): Bytes => Buffer.from(text).toString('latin1');

/** The text that bytes mean as UTF-8; what is not UTF-8 becomes U+FFFD. */
export const textOf = (bytes: Bytes): string => Buffer.from(bytes, 'latin1').toString();

/** Which lines are meant: those a regular expression matches, or those that begin with a text. */
export type LinePattern = RegExp | string;

/** A test for lines. Flags that make a regular expression remember its last match (`g`, `y`) are ignored. */
export function lineMatcher(pattern: LinePattern): (line: Bytes) => boolean {
  if (typeof pattern === 'string') return (line) => textOf(line).startsWith(pattern);
  const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  return (line) => stateless.test(textOf(line));
}

/** Where to insert: after the last line that matches, or before it. Without a match, and by default, at the end. */
export interface InsertPlace {
  /** `EOF`: at the end. */
  readonly insertAfter?: LinePattern | 'EOF' | undefined;
  /** `BOF`: at the beginning. */
  readonly insertBefore?: LinePattern | 'BOF' | undefined;
}

/** What a {@link LinePattern} must be. */
export const linePattern: check.Check<LinePattern> = check.either(
  check.custom<RegExp>('a regular expression', undefined, (value) => value instanceof RegExp),
  check.text,
);

/** What these options must be. */
export const INSERT_PLACE: check.Checks<InsertPlace> = {
  insertAfter: check.optional(linePattern),
  insertBefore: check.optional(linePattern),
};

/** The lines with others inserted at a place. */
export function insertLines(lines: readonly Bytes[], added: readonly Bytes[], place: InsertPlace): Bytes[] {
  return lines.toSpliced(indexOf(lines, place), 0, ...added);
}

/** The lines of a file without their line breaks, changed, and as a whole again. An unfinished last line stays so. */
export function editLines(content: Buffer, edit: (lines: readonly Bytes[]) => readonly Bytes[]): Buffer {
  const text = content.toString('latin1');
  const finished = text === '' || text.endsWith('\n');
  const old = text === '' ? [] : text.slice(0, finished ? -1 : undefined).split('\n');
  const lines = edit(old);
  const unfinished = !finished && lines.at(-1) === old.at(-1);
  return Buffer.from(lines.length === 0 ? '' : `${lines.join('\n')}${unfinished ? '' : '\n'}`, 'latin1');
}

function indexOf(lines: readonly Bytes[], {insertAfter, insertBefore}: InsertPlace): number {
  if (insertBefore === 'BOF') return 0;
  const pattern = insertBefore ?? insertAfter;
  if (pattern === undefined || pattern === 'EOF') return lines.length;
  const found = lines.findLastIndex(lineMatcher(pattern));
  if (found < 0) return lines.length;
  return insertBefore === undefined ? found + 1 : found;
}
