import {didYouMean} from '../model/index.js';
import {expandRanges} from './ranges.js';
import {ALIASES} from './settings.js';
import {readVariables, type Variables} from './variables.js';
import type {Entry, Yaml} from './yaml.js';

/** A group as written: its own hosts, groups and variables. */
export interface GroupDraft {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly vars: Variables;
}

export interface HostDraft {
  /** Offset of the first place that names it. */
  readonly at: number;
  readonly vars: Variables;
}

export interface Draft {
  readonly groups: Map<string, GroupDraft>;
  readonly hosts: Map<string, HostDraft>;
}

/** What may stand in a group. */
export const GROUP_KEYS: readonly string[] = ['hosts', 'vars', 'children'];

/** Name of a group or a host. */
export const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** Reads the groups of a file. Every key at the top is a group; all of them are in `all`, whether it is written or not. */
export function readGroups(yaml: Yaml): Draft {
  const draft: Draft = {groups: new Map(), hosts: new Map()};
  const all = groupOf(draft, 'all');
  for (const entry of yaml.entries(yaml.root, 'an inventory')) {
    if (GROUP_KEYS.includes(entry.key)) {
      yaml.report(entry.keyAt, `"${entry.key}" stands outside of any group`, 'put it under "all:"');
      continue;
    }
    if (entry.key !== 'all') all.children.add(entry.key);
    readGroup(yaml, draft, entry, []);
  }
  return draft;
}

function readGroup(yaml: Yaml, draft: Draft, entry: Entry, parents: readonly string[]): void {
  const name = entry.key;
  checkName(yaml, 'group', name, entry.keyAt);
  if (parents.includes(name) || (name === 'all' && parents.length > 0)) {
    yaml.report(entry.keyAt, `group "${name}" is inside itself`, `remove it under "${parents.at(-1)}"`);
    return;
  }
  const group = groupOf(draft, name);
  for (const part of yaml.entries(entry, `group "${name}"`)) {
    if (part.key === 'hosts') readHosts(yaml, draft, group, part, name);
    else if (part.key === 'vars') readGroupVars(yaml, group, part, name);
    else if (part.key === 'children') readChildren(yaml, draft, group, part, [...parents, name]);
    else yaml.report(part.keyAt, `unknown key "${part.key}" in group "${name}"`, groupHint(part.key));
  }
}

function readGroupVars(yaml: Yaml, group: GroupDraft, entry: Entry, name: string): void {
  const variables = readVariables(yaml, yaml.entries(entry, `"vars" of group "${name}"`));
  for (const [key, variable] of variables) group.vars.set(key, variable);
}

function readChildren(yaml: Yaml, draft: Draft, group: GroupDraft, entry: Entry, parents: readonly string[]): void {
  for (const child of yaml.entries(entry, `"children" of group "${parents.at(-1)}"`)) {
    group.children.add(child.key);
    readGroup(yaml, draft, child, parents);
  }
}

function readHosts(yaml: Yaml, draft: Draft, group: GroupDraft, entry: Entry, name: string): void {
  for (const each of yaml.entries(entry, `"hosts" of group "${name}"`)) {
    const vars = readVariables(yaml, yaml.entries(each, `host "${each.key}"`));
    for (const host of hostNames(yaml, each)) {
      group.hosts.add(host);
      const known = draft.hosts.get(host);
      if (known === undefined) draft.hosts.set(host, {at: each.keyAt, vars: new Map(vars)});
      else mergeHost(yaml, host, known, vars);
    }
  }
}

/** A host named again may add to what is known of it, and must not contradict how it is reached. */
function mergeHost(yaml: Yaml, host: string, known: HostDraft, vars: Variables): void {
  for (const [key, variable] of vars) {
    const before = known.vars.get(key);
    if (variable.setting && before !== undefined && String(before.value) !== String(variable.value)) {
      const line = yaml.position(before.at)?.line;
      yaml.report(variable.at, `host "${host}" has another "${key}" in line ${line}`, 'give it in one place');
    }
    known.vars.set(key, variable);
  }
}

function hostNames(yaml: Yaml, {key, keyAt}: Entry): string[] {
  try {
    return expandRanges(key).filter((name) => checkName(yaml, 'host', name, keyAt));
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    yaml.report(keyAt, `"${key}": ${fault.message}`, 'for instance web[1:3] for web1, web2 and web3');
    return [];
  }
}

function checkName(yaml: Yaml, what: string, name: string, at: number): boolean {
  if (NAME.test(name)) return true;
  const hint = what === 'host' && /:\d+$/.test(name) ? 'give the port as a key of its own: "port: 2222"' : undefined;
  yaml.report(at, `"${name}" is not a ${what} name`, hint ?? 'use letters, digits, "-", "_" and "."');
  return false;
}

function groupOf(draft: Draft, name: string): GroupDraft {
  const known = draft.groups.get(name) ?? {hosts: new Set(), children: new Set(), vars: new Map()};
  draft.groups.set(name, known);
  return known;
}

function groupHint(key: string): string {
  if (ALIASES.has(key)) return `put it under "vars:"`;
  return didYouMean(key, GROUP_KEYS) ?? 'a group holds "hosts", "vars" and "children"';
}
