import {inspect} from 'node:util';

/** What is shown wherever a secret would appear. */
export const MASK = '(sensitive)';

/**
 * A value that cannot be printed by accident: string conversion, JSON and `console.log` all give `(sensitive)`. Only
 * `reveal()` gives the clear text, and only text that is sent over an encrypted channel may call it.
 */
export class Secret {
  readonly #clear: string;
  /** It stands for a secret that was not decrypted: its value has no meaning. */
  readonly isPlaceholder: boolean;

  constructor(clear: string, isPlaceholder = false) {
    this.#clear = clear;
    this.isPlaceholder = isPlaceholder;
  }

  reveal(): string {
    return this.#clear;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
