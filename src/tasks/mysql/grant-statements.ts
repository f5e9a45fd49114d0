import type {Grants} from './grants.js';

const ALL = 'ALL PRIVILEGES';
const OPTION = 'GRANT OPTION';

/**
 * GRANT and REVOKE statements that turn one account's privileges into the wished ones. New ones come before old ones
 * go, so that a running application keeps what it has on both sides; only ALL PRIVILEGES has to go first.
 */
export function grantStatements(account: string, present: Grants, wished: Grants): string[] {
  const levels = new Set([...wished.keys(), ...present.keys()]);
  return [...levels].flatMap((level) => {
    const had = present.get(level) ?? new Set<string>();
    const wants = wished.get(level) ?? new Set<string>();
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
