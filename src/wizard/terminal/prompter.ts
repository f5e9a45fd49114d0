import type {StyledText} from '../../model/index.js';

/** An answer to choose. */
export interface Choice<T> {
  readonly value: T;
  readonly name: string;
  /** What is shown of it once it is chosen. Default: the name. */
  readonly short?: string | undefined;
  readonly description?: string | undefined;
}

/**
 * Asks the user. Texts of questions and answers have one line, and are made visible when they are shown. Every question
 * rejects with `PromptInterrupted` at Ctrl-C and when the input ends.
 */
export interface Prompter {
  say(text: StyledText): void;
  /** `refuse` gives the reason why an answer is invalid; the question is then asked again. */
  text(
    message: string,
    options: {usual?: string | undefined; refuse?(answer: string): string | undefined},
  ): Promise<string>;
  choose<T>(message: string, choices: readonly Choice<T>[], usual?: T): Promise<T>;
  mark<T>(message: string, choices: readonly (Choice<T> & {readonly checked: boolean})[]): Promise<readonly T[]>;
  confirm(message: string, usual: boolean): Promise<boolean>;
  /** Reads lines, also pasted ones, until an empty one; `take` gives what is shown in reply to a line. */
  lines(take: (line: string) => StyledText | undefined): Promise<void>;
  /** Waits for work and shows a message. What is typed in the meantime does not answer a later question. */
  wait<T>(message: () => string, work: Promise<T>): Promise<T>;
  readonly signs: Signs;
}

/** Signs that this terminal can show. */
export interface Signs {
  readonly done: string;
  readonly failed: string;
  readonly going: string;
  readonly dot: string;
}

/** Whether a terminal shows more than ASCII: a Linux console has few characters, and other locales have others. */
export function hasUnicode({TERM, LC_ALL, LC_CTYPE, LANG}: NodeJS.ProcessEnv): boolean {
  return TERM !== 'linux' && TERM !== 'dumb' && /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

/** Signs of a terminal with or without Unicode. */
export const signsFor = (unicode: boolean): Signs =>
  unicode ? {done: '✓', failed: '✗', going: '…', dot: '·'} : {done: 'ok', failed: 'failed:', going: '...', dot: '-'};
