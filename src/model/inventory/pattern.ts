import {InputError} from '../diagnostic.js';
import {didYouMean} from '../nearest.js';
import type {Position} from '../position.js';
import type {Host, Inventory} from './inventory.js';

/**
 * The hosts that an Ansible pattern means, each once: names and globs of groups and hosts or `~regex`, joined by `,`
 * or `:`; `&x` keeps what is in x too, `!x` leaves x out, wherever they stand; `web[0]`, `web[-1]`, `web[0:2]` (ends
 * included) pick from a term. A glob may match nothing; a name that the inventory does not know throws `InputError`,
 * with `at` as its place.
 *
 * @example
 * selectHosts(inventory, 'web:&prod:!web3')
 */
export function selectHosts(inventory: Inventory, pattern: string, at?: Position): readonly Host[] {
  const terms = splitTerms(pattern);
  const matched = (sign: string) =>
    terms.filter((term) => signOf(term) === sign).map((term) => match(inventory, term.slice(sign.length), at));
  if (terms.length === 0)
    throw new InputError([{message: 'the host pattern is empty', at, hint: 'Write "all" for all hosts.'}]);
  const wanted = terms.some((term) => signOf(term) === '') ? matched('').flat() : inventory.hosts;
  const kept = matched('&').reduce((hosts, others) => hosts.filter((host) => others.includes(host)), wanted);
  const excluded = new Set(matched('!').flat());
  return [...new Set(kept)].filter((host) => !excluded.has(host));
}

/** Whether a text matches a glob: `*`, `?`, `[abc]`, `[!abc]`. A text always matches itself. */
export function matchesGlob(glob: string, text: string): boolean {
  return glob === text || new RegExp(`^${globExpression(glob)}$`, 's').test(text);
}

function splitTerms(pattern: string): string[] {
  const parts = pattern.includes(',') ? pattern.split(',') : (pattern.match(/(?:\[[^\]]*\]|[^:])+/g) ?? []);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

const signOf = (term: string) => /^[&!]?/.exec(term)?.[0] ?? '';

function match(inventory: Inventory, term: string, at: Position | undefined): readonly Host[] {
  const named = inventory.hosts.filter(({name}) => name === term);
  if (named.length > 0) return named;
  const subscript = term.startsWith('~') ? null : /^(.+)\[(?:(-?\d+)|(\d+)[:-](\d*))\]$/.exec(term);
  if (subscript === null) return enumerate(inventory, term, at);
  const [, name = '', index, first, last] = subscript;
  const hosts = enumerate(inventory, name, at);
  if (index !== undefined) return [hosts.at(Number(index)) ?? []].flat();
  return hosts.slice(Number(first), last ? Number(last) + 1 : undefined);
}

/** Hosts are searched besides groups only when no group matches or the term is more than a plain name. */
function enumerate(inventory: Inventory, term: string, at: Position | undefined): readonly Host[] {
  const matches = matcher(term, at);
  const groups = [...inventory.groups].filter(([name]) => matches(name));
  const hosts = groups.length > 0 && /^[^~.?*[]+$/.test(term) ? [] : inventory.hosts.filter(({name}) => matches(name));
  if (groups.length + hosts.length === 0 && !/[~?*[]/.test(term)) throw unknownName(inventory, term, at);
  return [...new Set([...groups.flatMap(([, members]) => members), ...hosts])];
}

function matcher(term: string, at: Position | undefined): (name: string) => boolean {
  const expression = term.startsWith('~') ? `^(?:${term.slice(1)})` : `^${globExpression(term)}$`;
  try {
    const regex = new RegExp(expression);
    return (name) => regex.test(name);
  } catch {
    throw new InputError([
      {message: `the host pattern "${term}" is not a regular expression`, at, hint: 'Fix what follows the "~".'},
    ]);
  }
}

function unknownName({groups, hosts}: Inventory, name: string, at: Position | undefined): InputError {
  const known = [...groups.keys()];
  const hint =
    didYouMean(name, [...known, ...hosts.map((host) => host.name)]) ?? `The groups are: ${known.join(', ')}.`;
  return new InputError([{message: `no group or host is named "${name}"`, at, hint, isUnknownName: true}]);
}

/** A glob as the source of a regular expression, without anchors. */
function globExpression(glob: string): string {
  return glob.replaceAll(/\[!?[^\]]+\]|./gs, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace('[!', '[^').replaceAll('\\', '\\\\');
    return part.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  });
}
