import {createHash} from 'node:crypto';
import {parse, stringify} from 'yaml';
import type {Choices} from './choices.js';

/** The file with the choices that a project was written from: what `infra init --answers` reads. */
export const ANSWERS = 'infra.answers.yml';

/** By their path, the digests of what was last written. */
export type Written = Readonly<Record<string, string>>;

/**
 * The answers file: the keys are those of `Choices`, and those that say nothing are left out. `written` is not for
 * people: it tells files that were edited by hand.
 */
export function renderAnswers(choices: Choices, written: Written = {}): string {
  return stringify({...choices, written});
}

/** What an answers file says was written; nothing where it cannot be read. */
export function parseWritten(text: string): Written {
  const answers: unknown = parse(text);
  if (!(answers instanceof Object) || !('written' in answers) || !(answers.written instanceof Object)) return {};
  return Object.fromEntries(Object.entries(answers.written).map(([path, digest]) => [path, String(digest)]));
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
