import {didYouMean, PLAIN_NAME} from '../model/index.js';
import {expandRanges} from './ranges.js';
import {ALIASES} from './settings.js';
import {importVariables, readVariables, type VariableMap} from './variables.js';
import type {Yaml, YamlEntry} from './yaml.js';

/** A group as written: its own hosts, groups and variables. */
export interface GroupDraft {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly vars: VariableMap;
  /** Variables of the files in `group_vars/`. */
  readonly files: VariableMap;
}

export interface HostDraft {
  /** Offset of the first place that names it. */
  readonly at: number;
  readonly vars: VariableMap;
  /** Variables of the files in `host_vars/`. */
  readonly files: VariableMap;
}

export interface Draft {
  readonly groups: Map<string, GroupDraft>;
  readonly hosts: Map<string, HostDraft>;
}

/** What may stand in a group. */
export const GROUP_KEYS: readonly string[] = ['hosts', 'vars', 'children'];

/**
 * Reads the groups of a file. Every key at the top is a group; all of them are in `all`, whether it is written or not.
 * `lenient`: names and variables are taken as Ansible takes them, for an import.
 */
export function readGroups(yaml: Yaml, lenient = false): Draft {
  const draft = newDraft();
  const reader: Reader = {yaml, draft, lenient, variables: lenient ? importVariables : readVariables};
  for (const entry of yaml.entries(yaml.root, 'an inventory')) {
    if (GROUP_KEYS.includes(entry.key)) {
      yaml.report(entry.keyAt, `"${entry.key}" is outside of any group`, 'Put it under "all:".');
      continue;
    }
    if (entry.key !== 'all') groupOf(draft, 'all').children.add(entry.key);
    readGroup(reader, entry, []);
  }
  return draft;
}

/** A draft that has the group `all` and nothing in it. */
export function newDraft(): Draft {
  const draft: Draft = {groups: new Map(), hosts: new Map()};
  groupOf(draft, 'all');
  return draft;
}

/** The group of a name, made if it does not exist. */
export function groupOf(draft: Draft, name: string): GroupDraft {
  const known = draft.groups.get(name) ?? {hosts: new Set(), children: new Set(), vars: new Map(), files: new Map()};
  draft.groups.set(name, known);
  return known;
}

interface Reader {
  readonly yaml: Yaml;
  readonly draft: Draft;
  readonly lenient: boolean;
  variables(yaml: Yaml, entries: readonly YamlEntry[]): VariableMap;
}

function readGroup(reader: Reader, entry: YamlEntry, parents: readonly string[]): void {
  const {yaml, draft} = reader;
  const name = entry.key;
  checkName(reader, 'group', name, entry.keyAt);
  if (parents.includes(name) || (name === 'all' && parents.length > 0)) {
    yaml.report(entry.keyAt, `group "${name}" is inside itself`, `Remove it under "${parents.at(-1)}".`);
    return;
  }
  const group = groupOf(draft, name);
  for (const part of yaml.entries(entry, `group "${name}"`)) {
    if (part.key === 'hosts') readHosts(reader, group, part, name);
    else if (part.key === 'vars') readGroupVars(reader, group, part, name);
    else if (part.key === 'children') readChildren(reader, group, part, [...parents, name]);
    else yaml.report(part.keyAt, `unknown key "${part.key}" in group "${name}"`, groupHint(part.key));
  }
}

function readGroupVars({yaml, variables}: Reader, group: GroupDraft, entry: YamlEntry, name: string): void {
  const read = variables(yaml, yaml.entries(entry, `"vars" of group "${name}"`));
  for (const [key, variable] of read) group.vars.set(key, variable);
}

function readChildren(reader: Reader, group: GroupDraft, entry: YamlEntry, parents: readonly string[]): void {
  for (const child of reader.yaml.entries(entry, `"children" of group "${parents.at(-1)}"`)) {
    group.children.add(child.key);
    readGroup(reader, child, parents);
  }
}

function readHosts(reader: Reader, group: GroupDraft, entry: YamlEntry, name: string): void {
  const {yaml, draft} = reader;
  for (const each of yaml.entries(entry, `"hosts" of group "${name}"`)) {
    const vars = reader.variables(yaml, yaml.entries(each, `host "${each.key}"`));
    for (const host of hostNames(reader, each)) {
      group.hosts.add(host);
      const known = draft.hosts.get(host);
      if (known === undefined) draft.hosts.set(host, {at: each.keyAt, vars: new Map(vars), files: new Map()});
      else mergeHost(reader, host, known, vars);
    }
  }
}

/** A host that is named again may have more variables, but must not contradict how it is reached. */
function mergeHost({yaml, lenient}: Reader, host: string, known: HostDraft, vars: VariableMap): void {
  for (const [key, variable] of vars) {
    const before = known.vars.get(key);
    if (!lenient && variable.setting && before !== undefined && String(before.value) !== String(variable.value)) {
      const line = yaml.position(before.at)?.line;
      yaml.report(variable.at, `host "${host}" has a different "${key}" in line ${line}`, 'Set it in one place.');
    }
    known.vars.set(key, variable);
  }
}

function hostNames(reader: Reader, {key, keyAt}: YamlEntry): string[] {
  try {
    return expandRanges(key).filter((name) => checkName(reader, 'host', name, keyAt));
  } catch (fault) {
    if (!(fault instanceof RangeError)) throw fault;
    reader.yaml.report(keyAt, `"${key}": ${fault.message}`, 'Write web[1:3] for web1, web2 and web3.');
    return [];
  }
}

function checkName({yaml, lenient}: Reader, what: string, name: string, at: number): boolean {
  if (lenient || PLAIN_NAME.test(name)) return true;
  const hint = what === 'host' && /:\d+$/.test(name) ? 'Write the port as a key of its own: "port: 2222".' : undefined;
  yaml.report(at, `"${name}" is not a ${what} name`, hint ?? 'Use letters, digits, "-", "_" and ".".');
  return false;
}

function groupHint(key: string): string {
  if (ALIASES.has(key)) return 'Put it under "vars:".';
  return didYouMean(key, GROUP_KEYS) ?? 'A group has "hosts", "vars" and "children".';
}
