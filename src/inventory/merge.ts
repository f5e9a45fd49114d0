import type {Draft} from './groups.js';
import type {Variables} from './variables.js';

/** What an inventory and the files beside it say of one host. */
export interface Merged {
  /** Its groups, outermost (`all`) first. */
  readonly groups: readonly string[];
  readonly variables: Variables;
}

/**
 * The variables of each host, merged as Ansible does it: those of groups in the inventory, those of groups in files
 * (each from the outermost group inwards, by name on one level), the host's in the inventory, the host's in files.
 */
export function mergeVariables(draft: Draft): Map<string, Merged> {
  const order = inward(draft);
  const members = new Map(order.map((group) => [group, membersOf(draft, group)]));
  const merge = (name: string) => {
    const groups = order.filter((group) => members.get(group)?.has(name));
    const drafts = groups.flatMap((group) => draft.groups.get(group) ?? []);
    const host = draft.hosts.get(name);
    const layers = [...drafts.map(({vars}) => vars), ...drafts.map(({files}) => files), host?.vars, host?.files];
    return {groups, variables: new Map(layers.flatMap((layer) => [...(layer ?? [])]))};
  };
  return new Map([...draft.hosts.keys()].map((name) => [name, merge(name)]));
}

/** The names of the hosts of a group and of all groups in it. */
export function membersOf({groups}: Draft, name: string): Set<string> {
  const members = new Set<string>();
  const visited = new Set<string>();
  const collect = (group: string) => {
    if (visited.has(group)) return;
    visited.add(group);
    for (const host of groups.get(group)?.hosts ?? []) members.add(host);
    for (const child of groups.get(group)?.children ?? []) collect(child);
  };
  collect(name);
  return members;
}

/** The names of all groups, those nearest to `all` first. */
function inward(draft: Draft): string[] {
  const depths = depthsOf(draft);
  const depth = (name: string) => depths.get(name) ?? 0;
  return [...draft.groups.keys()].sort((left, right) => depth(left) - depth(right) || (left < right ? -1 : 1));
}

/** How far each group is from `all`, by the longest way. */
function depthsOf({groups}: Draft): Map<string, number> {
  const depths = new Map<string, number>();
  const descend = (name: string, depth: number, path: readonly string[]) => {
    if (path.includes(name) || (depths.get(name) ?? -1) >= depth) return;
    depths.set(name, depth);
    for (const child of groups.get(name)?.children ?? []) descend(child, depth + 1, [...path, name]);
  };
  descend('all', 0, []);
  return depths;
}
