import {joined, type StyledText, styled} from '../../model/index.js';
import type {Fault} from '../answers.js';

/** A fault behind a sign, its next step below. The step begins as a sentence does. */
export function renderFault({message, hint}: Fault, sign: string): StyledText {
  const head = `${sign} ${message.replace(/(?<![.!?])$/, '.')}`;
  return joined([head, ...(hint === undefined ? [] : hintLines(sentence(hint)))]);
}

/** A hint may have several lines, such as a command of its own. */
export function hintLines(hint: string): StyledText[] {
  return hint.split('\n').map((line) => styled`    ${line}`);
}

function sentence(text: string): string {
  const capital = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?)]$|[\w/]\/[\w./-]*$/.test(text) ? capital : `${capital}.`;
}
