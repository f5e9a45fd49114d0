import type {Fault} from './answers.js';

/** A fault behind a sign, its next step below. The step begins as a sentence does. */
export function renderFault({message, hint}: Fault, sign: string): string {
  return `${sign} ${message.replace(/(?<![.!?])$/, '.')}${hint === undefined ? '' : `\n    ${sentence(hint)}`}`;
}

function sentence(text: string): string {
  const capital = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?)]$|[\w/]\/[\w./-]*$/.test(text) ? capital : `${capital}.`;
}
