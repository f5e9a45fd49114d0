import type {Position} from './position.js';

/** Something that is wrong: in the user's files, in an answer, on a server. */
export interface Problem {
  /** A sentence without its full stop: what is wrong, and with what. */
  readonly message: string;
  /** One next step: a sentence, or one that ends in the command to run. */
  readonly hint?: string | undefined;
  /** Where, if that is a place in a file of the user's. */
  readonly at?: Position | undefined;
  /** The line of that file, without its line break. */
  readonly excerpt?: string | undefined;
}

/** A problem in what the user gave. */
export interface Diagnostic extends Problem {
  /** The inventory has no group or host of a name. No fact of a host would change that. */
  readonly isUnknownName?: true | undefined;
}

/** The user's input cannot be used: every fault that could be found at once. Ends the run with exit code 1. */
export class InputError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({message}) => message).join('\n'));
    this.name = 'InputError';
    this.diagnostics = diagnostics;
  }
}

/** A task or a play has options that it cannot have; the stack names the line of the playbook. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
  /** One next step. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** The text of a file of the user's. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/** A fault at an offset (in UTF-16 units) of a file, with its line as excerpt. */
export function faultAt({file, text}: SourceText, offset: number, message: string, hint?: string): Diagnostic {
  const before = text.slice(0, offset).split('\n');
  const at = {file, line: before.length, column: (before.at(-1) ?? '').length + 1};
  return {message, at, excerpt: excerptOf(text, at.line), hint};
}

/** A line of a text by its number from 1, without its line break; undefined beyond the end. */
export function excerptOf(text: string, line: number): string | undefined {
  return text.split('\n')[line - 1]?.replace(/\r$/, '');
}
