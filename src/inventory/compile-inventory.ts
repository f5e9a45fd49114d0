import {existsSync} from 'node:fs';
import {homedir, userInfo} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {
  canonicalAddress,
  type Diagnostic,
  faultAt,
  type Host,
  type Inventory,
  type SourceText,
} from '../model/index.js';
import type {Draft} from './groups.js';
import type {Settings} from './settings.js';
import type {VariableMap} from './variables.js';
import type {Yaml} from './yaml.js';

/**
 * Hosts with the variables of their groups merged in. `files` are those that the inventory was made from; relative
 * paths in any of them start from the directory of the inventory file.
 */
export function compileInventory(yaml: Yaml, draft: Draft, files: readonly string[]): Inventory {
  const merged = mergeVariables(draft);
  const hosts = new Map(
    [...merged].map(([name, each]) => [name, compileHost(yaml, name, each, draft.hosts.get(name)?.at)]),
  );
  reportClashes(yaml, draft, [...hosts.values()]);
  const select = (names: Iterable<string>) => [...names].flatMap((name) => hosts.get(name) ?? []);
  return {
    file: yaml.source.file,
    files,
    hosts: [...hosts.values()],
    groups: new Map([...draft.groups.keys()].map((group) => [group, select(membersOf(draft, group))])),
    placeOf: (host, variable) => {
      const {at = draft.hosts.get(host)?.at, source = yaml.source} =
        (variable === undefined ? undefined : merged.get(host)?.variables.get(variable)) ?? {};
      return at === undefined ? undefined : placeAt(source, at);
    },
  };
}

function compileHost(yaml: Yaml, name: string, {groups, variables}: Merged, at = 0): Host {
  const settings = valuesOf(variables, true) as Settings; // each was checked against its schema when it was read
  const user = settings.user ?? userInfo().username;
  const directory = dirname(yaml.source.file);
  return {
    name,
    address: settings.address ?? name,
    port: settings.port ?? 22,
    user,
    become: settings.become ?? user !== 'root',
    identityFiles: settings.identityFiles?.map((path) => absolute(directory, path)) ?? usualIdentityFiles(),
    knownHostsFiles: (settings.knownHostsFiles ?? ['~/.ssh/known_hosts']).map((path) => absolute(directory, path)),
    groups,
    vars: valuesOf(variables, false),
    at: yaml.position(at),
  };
}

function placeAt(source: SourceText, offset: number): Pick<Diagnostic, 'at' | 'excerpt'> {
  const {at, excerpt} = faultAt(source, offset, '');
  return {at, excerpt};
}

function valuesOf(variables: VariableMap, setting: boolean): Record<string, unknown> {
  const chosen = [...variables].filter(([, variable]) => variable.setting === setting);
  return Object.fromEntries(chosen.map(([key, {value}]) => [key, value]));
}

function absolute(directory: string, path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : resolve(directory, path);
}

/** The keys that OpenSSH tries when none is named. */
function usualIdentityFiles(): string[] {
  return ['id_ed25519', 'id_ecdsa', 'id_rsa']
    .map((name) => join(homedir(), '.ssh', name))
    .filter((file) => existsSync(file));
}

function reportClashes(yaml: Yaml, {groups, hosts: drafts}: Draft, hosts: readonly Host[]): void {
  if (hosts.length === 0 && yaml.faults().length === 0)
    yaml.report(0, 'the inventory has no hosts', 'Write, for instance: "all: {hosts: {web1: {address: 192.0.2.10}}}".');
  const byEndpoint = new Map<string, string>();
  for (const {name, address, port} of hosts) {
    const at = drafts.get(name)?.vars.get('address')?.at ?? drafts.get(name)?.at ?? 0;
    const endpoint = `${canonicalAddress(address)} port ${port}`;
    const other = byEndpoint.get(endpoint);
    if (other !== undefined)
      yaml.report(at, `hosts "${other}" and "${name}" are the same server: ${endpoint}`, 'Give each its own address.');
    byEndpoint.set(endpoint, other ?? name);
    if (groups.has(name))
      yaml.report(drafts.get(name)?.at ?? 0, `"${name}" names both a host and a group`, 'Rename one of them.');
  }
}

/** What an inventory and the files next to it say about one host. */
export interface Merged {
  /** Its groups, outermost (`all`) first. */
  readonly groups: readonly string[];
  readonly variables: VariableMap;
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
function membersOf({groups}: Draft, name: string): Set<string> {
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
