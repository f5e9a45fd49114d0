import {existsSync} from 'node:fs';
import {homedir, userInfo} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import type {Host, Inventory} from '../model/index.js';
import type {Draft, HostDraft} from './groups.js';
import type {Settings} from './settings.js';
import type {Variables} from './variables.js';
import type {Yaml} from './yaml.js';

/** Hosts with the variables of their groups merged in: outer groups first, by name on one level, the host's own last. */
export function compileInventory(yaml: Yaml, draft: Draft): Inventory {
  const depths = depthsOf(draft);
  const members = new Map([...draft.groups.keys()].map((name) => [name, membersOf(draft, name)]));
  const order = [...draft.groups.keys()].sort(
    (left, right) => (depths.get(left) ?? 0) - (depths.get(right) ?? 0) || (left < right ? -1 : 1),
  );
  const hosts = new Map(
    [...draft.hosts].map(([name, host]) => {
      const groups = order.filter((group) => members.get(group)?.has(name));
      return [name, compileHost(yaml, draft, name, host, groups)];
    }),
  );
  reportClashes(yaml, draft, [...hosts.values()]);
  const select = (names: Iterable<string>) => [...names].flatMap((name) => hosts.get(name) ?? []);
  return {
    file: yaml.source.file,
    hosts: [...hosts.values()],
    groups: new Map([...members].map(([group, names]) => [group, select(names)])),
  };
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

function compileHost(yaml: Yaml, draft: Draft, name: string, host: HostDraft, groups: readonly string[]): Host {
  const layers = [...groups.flatMap((group) => draft.groups.get(group)?.vars ?? []), host.vars];
  const merged: Variables = new Map(layers.flatMap((layer) => [...layer]));
  const settings = valuesOf(merged, true) as Settings; // each was checked against its schema when it was read
  const user = settings.user ?? userInfo().username;
  const folder = dirname(yaml.source.file);
  return {
    name,
    address: settings.address ?? name,
    port: settings.port ?? 22,
    user,
    become: settings.become ?? user !== 'root',
    identityFiles: settings.identityFiles?.map((path) => absolute(folder, path)) ?? usualIdentityFiles(),
    knownHostsFiles: (settings.knownHostsFiles ?? ['~/.ssh/known_hosts']).map((path) => absolute(folder, path)),
    groups,
    vars: valuesOf(merged, false),
    at: yaml.position(host.at),
  };
}

function valuesOf(variables: Variables, setting: boolean): Record<string, unknown> {
  const chosen = [...variables].filter(([, variable]) => variable.setting === setting);
  return Object.fromEntries(chosen.map(([key, {value}]) => [key, value]));
}

function absolute(folder: string, path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : resolve(folder, path);
}

/** The keys that OpenSSH tries when none is named. */
function usualIdentityFiles(): string[] {
  return ['id_ed25519', 'id_ecdsa', 'id_rsa']
    .map((name) => join(homedir(), '.ssh', name))
    .filter((file) => existsSync(file));
}

function reportClashes(yaml: Yaml, {groups, hosts: drafts}: Draft, hosts: readonly Host[]): void {
  if (hosts.length === 0 && yaml.faults().length === 0)
    yaml.report(0, 'the inventory has no hosts', 'for instance: "all: {hosts: {web1: {address: 192.0.2.10}}}"');
  const byEndpoint = new Map<string, string>();
  for (const {name, address, port} of hosts) {
    const at = drafts.get(name)?.vars.get('address')?.at ?? drafts.get(name)?.at ?? 0;
    const endpoint = `${address.toLowerCase()} port ${port}`;
    const other = byEndpoint.get(endpoint);
    if (other !== undefined)
      yaml.report(at, `hosts "${other}" and "${name}" are the same server: ${endpoint}`, 'give each its own address');
    byEndpoint.set(endpoint, other ?? name);
    if (groups.has(name))
      yaml.report(drafts.get(name)?.at ?? 0, `"${name}" names both a host and a group`, 'rename one');
  }
}
