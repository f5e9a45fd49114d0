import type {Position} from './position.js';

/** Something wrong in a file of the user's, found before any connection is made. */
export interface Diagnostic {
  readonly message: string;
  readonly at?: Position | undefined;
  /** The line of the file, without its line break. */
  readonly excerpt?: string | undefined;
  /** One next step. */
  readonly hint?: string | undefined;
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
