import type {Diagnostic} from './diagnostic.js';

/** The text of a file of the user's. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** A fault at an offset (in UTF-16 units) of a file, with its line as excerpt. */
export function faultAt({file, text}: Source, offset: number, message: string, hint?: string): Diagnostic {
  const before = text.slice(0, offset).split('\n');
  const at = {file, line: before.length, column: (before.at(-1) ?? '').length + 1};
  return {message, at, excerpt: excerptOf(text, at.line), hint};
}

/** A line of a text by its number from 1, without its line break; undefined beyond the end. */
export function excerptOf(text: string, line: number): string | undefined {
  return text.split('\n')[line - 1]?.replace(/\r$/, '');
}
