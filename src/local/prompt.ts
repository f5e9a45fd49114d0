/*
 * Questions on the terminal of this process, as inquirer asks them. Texts must be visible already. Each function rejects
 * with `PromptInterrupted` at Ctrl-C and when the input ends. The library is loaded at the first question.
 */
import {styleText} from 'node:util';

/** The user pressed Ctrl-C at a question, or the input has ended. */
export class PromptInterrupted extends Error {
  override readonly name = 'PromptInterrupted';
}

interface Question {
  readonly message: string;
  /** See {@link themeFor}. Default: the theme of inquirer. */
  readonly theme?: object;
}

/** A row of a list: the value to return for it, and what is shown of it once it is chosen (default: its name). */
interface Row {
  readonly value: number;
  readonly name: string;
  readonly short?: string;
  readonly description?: string;
}

interface List<Of extends Row> extends Question {
  readonly choices: readonly Of[];
  /** Rows that are shown at once. */
  readonly pageSize: number;
}

/** A line of text. `validate` gives the reason why an answer cannot be taken. */
export const askText = (
  question: Question & {readonly default?: string; validate(answer: string): string | true},
): Promise<string> => answerOf(({prompt}) => prompt([{...question, type: 'input' as const, name: NAME}]));

/** One row; `default`: the value of the row that is marked first. */
export const askOne = (question: List<Row> & {readonly default: number}): Promise<number> =>
  answerOf(({prompt}) => prompt([{...question, loop: false, type: 'select' as const, name: NAME}]));

/** Any number of rows. */
export const askSeveral = (question: List<Row & {readonly checked: boolean}>): Promise<readonly number[]> =>
  answerOf(({prompt}) =>
    prompt([{...question, shortcuts: {all: null, invert: null}, loop: false, type: 'checkbox' as const, name: NAME}]),
  );

/** Yes or no. */
export const askConfirmation = (question: Question & {readonly default?: boolean}): Promise<boolean> =>
  answerOf(({prompt}) => prompt([{...question, type: 'confirm' as const, name: NAME}]));

/** Keys that are in use; inquirer takes any letter but h. */
type AnswerKey = 'c' | 'n' | 'y';

/** The key of one of several answers; `default`: that of the answer to Enter. */
export const askKey = (
  question: Question & {
    readonly choices: readonly {readonly key: AnswerKey; readonly name: string}[];
    readonly default: AnswerKey;
  },
): Promise<string> => {
  const choices = question.choices.map((choice) => ({...choice, value: choice.key}));
  return answerOf(({prompt}) => prompt([{...question, choices, type: 'expand' as const, name: NAME}]));
};

/** A secret text, which is not shown. It is asked for on `output`. */
export const askHidden = ({output, ...question}: Question & {readonly output: NodeJS.WriteStream}): Promise<string> =>
  answerOf(({createPromptModule}) =>
    createPromptModule({output})([{...question, toggleMask: false, type: 'password' as const, name: NAME}]),
  );

/** For `catch`: what an interrupted question gives. Other errors are thrown on. */
export const whenInterrupted =
  <T>(give: () => T) =>
  (error: unknown): T => {
    if (error instanceof PromptInterrupted) return give();
    throw error;
  };

/** How questions are drawn: in ASCII only where there is no Unicode. */
export function themeFor(unicode: boolean) {
  const style = {
    keysHelpTip: (keys: [string, string][]) => styleText('dim', keysTip(keys, unicode ? '↑↓' : 'up/down')),
  };
  if (unicode) return {style};
  const icon = {checked: '[x]', unchecked: '[ ]', cursor: '>'};
  return {style, icon, prefix: {idle: styleText('blue', '?'), done: styleText('green', '*')}};
}

/** The keys of a list in words. */
const keysTip = (keys: readonly (readonly [string, string])[], arrows: string) => {
  const names: Readonly<Record<string, string>> = {'↑↓': arrows, '⏎': 'Enter'};
  return keys.map(([key, action]) => `${names[key] ?? key} ${action}`).join(', ');
};

const NAME = 'answer';

type Inquirer = typeof import('inquirer').default;

async function answerOf<T>(ask: (inquirer: Inquirer) => Promise<{answer: T}>): Promise<T> {
  const {default: inquirer} = await import('inquirer');
  try {
    return (await ask(inquirer)).answer;
  } catch (error) {
    throw error instanceof Error && error.name === 'ExitPromptError' ? new PromptInterrupted() : error;
  }
}
