import {UnreadableReply} from '../../model/index.js';
import {identifier} from './client.js';

/**
 * Privileges by what they are on, both as the servers write them: `*.*`, `` `app`.* ``, `` `app`.`t` ``,
 * `` PROCEDURE `app`.`p` ``, `PROXY …`, and the empty text for roles. Privileges on columns stand one by one:
 * `` SELECT (`a`) ``. `GRANT OPTION` is one more privilege. `USAGE`, which means none, is left out.
 */
export type Grants = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The lines of SHOW GRANTS. The grantee and what follows it (IDENTIFIED, REQUIRE, limits) are not privileges and are
 * left out, except WITH GRANT OPTION. Throws `UnreadableReply` on any other line; it names no password hash.
 */
export function parseGrants(lines: readonly string[]): Grants {
  const grants = new Map<string, Set<string>>();
  for (const line of lines) {
    const {level, privileges} = parseLine(line);
    const known = grants.get(level) ?? new Set();
    for (const privilege of privileges) if (privilege !== 'USAGE') known.add(privilege);
    if (known.size > 0) grants.set(level, known);
  }
  return grants;
}

/**
 * What a user wrote: `{'app.*': ['SELECT', 'insert (a, b)'], '*.*': ['ALL']}`. Throws `TypeError` with what is wrong.
 */
export function parseDesiredGrants(written: Readonly<Record<string, readonly string[]>>): Grants {
  const levels = Object.entries(written).map(([level, privileges]): [string, Set<string>] => [
    parseLevel(level),
    new Set(privileges.flatMap(parsePrivilege).filter((privilege) => privilege !== 'USAGE')),
  ]);
  return new Map(levels.filter(([, privileges]) => privileges.size > 0));
}

/** One line a level, sorted: `INSERT, SELECT ON app.*`. */
export function renderGrants(grants: Grants): string[] {
  const bare = (level: string) => level.replace(/`([\w$\\-]+)`/g, '$1');
  return [...grants].map(([level, privileges]) => renderLevel(bare(level), [...privileges].sort())).sort();
}

function renderLevel(level: string, privileges: string[]): string {
  if (level === '') return `roles ${privileges.join(', ')}`;
  return level.startsWith('PROXY ') ? level : `${privileges.join(', ')} ON ${level}`;
}

/** It ends at the first backtick that is not doubled: there is one way to read it, so that no text takes long. */
const NAME = '`(?:[^`]|``)*`(?!`)';
const ON_LEVEL = new RegExp(
  `^GRANT ((?:${NAME}|[^\`])+?) ON (?:TABLE )?((?:FUNCTION |PROCEDURE |PACKAGE (?:BODY )?)?(?:\\*|${NAME})\\.(?:\\*|${NAME})) TO (.*)$`,
);
const ROLES = new RegExp(`^GRANT (${NAME}(?:@${NAME})?(?:, ?${NAME}(?:@${NAME})?)*) TO `);
const PRIVILEGE = new RegExp(`([A-Z][A-Z_ ]*[A-Z])(?: \\(((?:${NAME}(?:, ?)?)+)\\))?`, 'g');

function parseLine(line: string): {level: string; privileges: string[]} {
  const proxy = /^GRANT PROXY ON (.+?) TO /.exec(line)?.[1];
  if (proxy !== undefined) return {level: `PROXY ON ${proxy}`, privileges: ['PROXY']};
  const [, list = '', level, tail = ''] = ON_LEVEL.exec(line) ?? [];
  if (level !== undefined) {
    const privileges = [...list.matchAll(PRIVILEGE)].flatMap(([, verb = '', columns]) => onColumns(verb, columns));
    return {level, privileges: grantsOn(tail) ? [...privileges, 'GRANT OPTION'] : privileges};
  }
  const roles = ROLES.exec(line)?.[1];
  if (roles === undefined) throw new UnreadableReply(`SHOW GRANTS answers an unknown line: ${line.slice(0, 20)}…`);
  return {level: '', privileges: [...roles.matchAll(new RegExp(`${NAME}(?:@${NAME})?`, 'g'))].map(([role]) => role)};
}

/** Names and strings are taken out first: they may hold any words. */
function grantsOn(tail: string): boolean {
  const words = tail.replace(/`(?:[^`]|``)*`|'(?:[^'\\]|\\.|'')*'/g, '');
  const options = words.search(/\bWITH\b/);
  return options >= 0 && /\bGRANT OPTION\b/.test(words.slice(options));
}

function onColumns(verb: string, columns: string | undefined): string[] {
  const privilege = SYNONYMS[verb] ?? verb;
  if (columns === undefined) return [privilege];
  return [...columns.matchAll(new RegExp(NAME, 'g'))].map(([column]) => `${privilege} (${column})`);
}

/** MariaDB shows other words than it was given, and accepts these in their place. */
const SYNONYMS: Readonly<Record<string, string>> = {
  ALL: 'ALL PRIVILEGES',
  'BINLOG MONITOR': 'REPLICATION CLIENT',
  'REPLICATION REPLICA': 'REPLICATION SLAVE',
  'REPLICA MONITOR': 'SLAVE MONITOR',
  'REPLICATION REPLICA ADMIN': 'REPLICATION SLAVE ADMIN',
  'DELETE VERSIONING ROWS': 'DELETE HISTORY',
};

function parsePrivilege(text: string): string[] {
  const [, verb, columns] = /^\s*([a-z][a-z_ ]*[a-z])\s*(?:\(([^()]+)\))?\s*$/i.exec(text) ?? [];
  if (verb === undefined) throw new TypeError(`"${text}" is not a privilege`);
  const names = columns?.split(',').map((column) => identifier(unquoted(column.trim())));
  return onColumns(verb.toUpperCase().replace(/\s+/g, ' '), names?.join(', '));
}

/** In a grant on a whole database `_` and `%` stand for any characters; a name that was written means itself. */
function parseLevel(text: string): string {
  if (text === '*.*') return text;
  const [, quoted, plain, table] = /^(?:`(.+)`|([^.`][^.]*))\.(.+)$/s.exec(text) ?? [];
  const database = quoted?.replaceAll('``', '`') ?? plain;
  if (database === undefined || table === undefined) {
    throw new TypeError(`"${text}" is not a place for privileges; write *.*, database.* or database.table`);
  }
  if (table === '*') return `${identifier(database.replace(/[_%\\]/g, '\\$&'))}.*`;
  return `${identifier(database)}.${identifier(unquoted(table))}`;
}

/** A name that may stand in backticks. */
const unquoted = (name: string) => name.replace(/^`(.*)`$/s, '$1').replaceAll('``', '`');

const ALL = 'ALL PRIVILEGES';
const OPTION = 'GRANT OPTION';

/**
 * GRANT and REVOKE statements that turn one account's privileges into the desired ones. New ones come before old ones
 * go, so that a running application keeps what it has on both sides; only ALL PRIVILEGES has to go first.
 */
export function grantStatements(account: string, present: Grants, desired: Grants): string[] {
  const levels = new Set([...desired.keys(), ...present.keys()]);
  return [...levels].flatMap((level) => {
    const had = present.get(level) ?? new Set<string>();
    const wants = desired.get(level) ?? new Set<string>();
    if (mustReset(level, had, wants))
      return [...revoke(level, account, [...had]), ...grant(level, account, [...wants])];
    const missing = [...wants].filter((each) => !had.has(each));
    const extra = [...had].filter((each) => !wants.has(each) && (each === OPTION || !wants.has(ALL)));
    return [...grant(level, account, missing), ...revoke(level, account, extra)];
  });
}

/**
 * Privileges go before they come back in two cases: ALL turns into some, and the right to hand on global privileges
 * ends, which MySQL keeps one by one for those it calls dynamic.
 */
function mustReset(level: string, had: ReadonlySet<string>, wants: ReadonlySet<string>): boolean {
  return (had.has(ALL) && !wants.has(ALL)) || (level === '*.*' && had.has(OPTION) && !wants.has(OPTION));
}

/** MySQL lists every global privilege in place of ALL: an account that has all those of root has ALL. */
export function collapseAll(grants: Grants, root: Grants): Grants {
  const every = [...(root.get('*.*') ?? [])].filter((each) => each !== OPTION);
  const global = grants.get('*.*') ?? new Set();
  if (every.length === 0 || every.includes(ALL) || !every.every((each) => global.has(each))) return grants;
  return new Map([...grants, ['*.*', new Set(global.has(OPTION) ? [ALL, OPTION] : [ALL])]]);
}

function grant(level: string, account: string, privileges: readonly string[]): string[] {
  if (privileges.length === 0) return [];
  const plain = privileges.filter((each) => each !== OPTION);
  const option = privileges.includes(OPTION) ? ' WITH GRANT OPTION' : '';
  return [`GRANT ${plain.join(', ') || 'USAGE'} ON ${level} TO ${account}${option};\n`];
}

function revoke(level: string, account: string, privileges: readonly string[]): string[] {
  if (privileges.length === 0) return [];
  if (level === '') return privileges.map((role) => `REVOKE ${role} FROM ${account};\n`);
  if (level.startsWith('PROXY ')) return [`REVOKE ${level} FROM ${account};\n`];
  // ALL PRIVILEGES stands alone.
  const groups = privileges.includes(ALL) ? privileges.map((each) => [each]) : [privileges];
  return groups.map((group) => `REVOKE ${group.join(', ')} ON ${level} FROM ${account};\n`);
}
