import type {Fault} from './answers.js';

/** A fault behind a sign, its next step below. Both become sentences. */
export function renderFault({message, hint}: Fault, sign: string): string {
  return `${sign} ${sentence(message)}${hint === undefined ? '' : `\n    ${sentence(hint)}`}`;
}

function sentence(text: string): string {
  const capital = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?)]$|[\w/]\/[\w./-]*$/.test(text) ? capital : `${capital}.`;
}
