import {HIDDEN} from './content-lines.js';
import {commonEnds, wordsOf} from './words.js';

/**
 * A line that goes from a content that holds secrets. Nobody knows where the old secrets stand, so it shows no more than
 * the line that replaces it does: the words both begin and end with. Old numbers and switches are shown where they are
 * replaced by such, unless the line speaks of secrets. Both lines are visible text, in which HIDDEN stands for secrets.
 */
export function hideOld(old: string, replacement: string | undefined): string {
  const [indent = ''] = /^\s*/.exec(old) ?? [];
  if (indent === old) return old;
  const [left, right] = [wordsOf(old.slice(indent.length)), wordsOf(replacement?.trimStart() ?? '')];
  const {start, end} = commonEnds(left, right);
  const [rest, instead] = [left, right].map((words) => words.slice(start, words.length - end).join(''));
  if (rest === '' && (start === 0 || end === 0)) return old;
  if (isHarmless(rest, instead) && !/pass|secret|token|key|auth|cred|pin|priv|salt|hash/i.test(old)) return old;
  return `${indent}${left.slice(0, start).join('')}${HIDDEN}${left.slice(left.length - end).join('')}`;
}

/** A port, an address, a time, a size; `on` and `off`. */
const PLAIN = [/^\d{1,5}([.:,/]\d{1,5})*[a-zA-Z%]{0,2}$/, /^(on|off|yes|no|true|false|enabled|disabled)$/i];

function isHarmless(old = '', fresh = ''): boolean {
  return PLAIN.some((form) => form.test(old) && form.test(fresh));
}
