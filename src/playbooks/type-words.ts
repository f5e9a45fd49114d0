import {check} from '../model/index.js';

/** Types of this package, and of the language, in words. */
const WORDS: Readonly<Record<string, string>> = {
  Audience: "'any', {group: 'web'}, {host: 'web1'} or {network: '10.0.0.0/8'}",
  Command: 'a command',
  Handler: 'a handler',
  Host: 'a host',
  Item: 'a task or a role',
  LinePattern: 'a regular expression',
  Listening: 'what listens gives',
  Play: 'a play',
  RegExp: 'a regular expression',
  Role: 'a role',
  Secret: 'a secret',
  Share: "a number of hosts or 'NN%'",
  Task: 'a task',
  boolean: 'true or false',
  number: 'a number',
  string: 'text',
};

/**
 * A type as the compiler writes it, in words after "must be" or "not"; undefined for one without words. Types that are
 * only `undefined` besides others do not count.
 */
export function typeInWords(type: string): string | undefined {
  const members = membersOf(type).filter((each) => each !== 'undefined');
  const words = members.map((each) => WORDS[each.replace(/<.*>$/s, '')] ?? wordFor(each));
  return words.includes(undefined) || words.length === 0
    ? undefined
    : check.orList([...new Set(words.filter((word) => word !== undefined))]);
}

/** The members of a union, or the type itself. */
export function membersOf(type: string): readonly string[] {
  const members: string[] = [''];
  let depth = 0;
  for (const part of type.match(/"(?:\\.|[^"\\])*"|=>|[\s\S]/g) ?? []) {
    if (/^[([{<]$/.test(part)) depth++;
    if (/^[)\]}>]$/.test(part)) depth--;
    if (part === '|' && depth === 0) members.push('');
    else members.push((members.pop() ?? '') + part);
  }
  return members.map((each) => each.trim()).filter((each) => each !== '');
}

export const isFunctionType = (type: string): boolean => /^\([\s\S]*=> /.test(type) && membersOf(type).length === 1;

function wordFor(type: string): string | undefined {
  if (/^"/.test(type) || /^(?:true|false|null|-?[\d.]+)$/.test(type)) return type;
  if (/\[\]$|^\[/.test(type)) return 'a list';
  if (isFunctionType(type)) return 'a function';
  if (/^Promise</.test(type)) return 'a promise';
  if (/^\{|^(?:Readonly<)?Record<|(?:Spec|Options)\b/.test(type)) return 'an object';
  return /^\(.*\)$/s.test(type) ? typeInWords(type.slice(1, -1)) : undefined;
}
