import type {Choices, ServerChoice, ServerRole} from './choices.js';

/** The inventory's groups by what their servers are for. */
export const GROUPS = {balancer: 'lb', web: 'web', primary: 'primary', replica: 'replica'} as const;

/** Names that a server cannot have: an inventory knows groups by them. */
export const GROUP_NAMES: readonly string[] = ['all', 'db', ...Object.values(GROUPS)];

/** The servers that are, among other things, for this. */
export function serversFor(role: ServerRole, {servers}: Pick<Choices, 'servers'>): readonly ServerChoice[] {
  return servers.filter(({roles}) => roles.includes(role));
}
