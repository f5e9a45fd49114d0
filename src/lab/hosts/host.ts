import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {namesIn, readIfPossible} from '../../local/read-file.js';
import type {Host} from '../../model/inventory/inventory.js';
import {hostDirectory, LabError, type LabPaths} from '../lab.js';

/** The Debian releases a lab host can run. */
export const labSuites = ['trixie', 'bookworm', 'sid'] as const;

/** One of `labSuites`. */
export type LabSuite = (typeof labSuites)[number];

/**
 * A disposable host: its name (also its hostname), its address in 198.18.0.0/24 (`labAddress6` gives the other), and
 * the release it runs.
 */
export type LabHost = {readonly name: string; readonly address: string; readonly suite: LabSuite};

/** Whether `text` names a release the lab can build. */
export function isLabSuite(text: string): text is LabSuite {
  return labSuites.some((suite) => suite === text);
}

/** Throws `LabError` for the first host whose name or address is unusable or is that of another host. */
export function checkHosts(hosts: readonly LabHost[]): void {
  for (const [index, host] of hosts.entries()) {
    checkName(host);
    checkAddress(host);
    const clash = hosts.slice(0, index).find(({name, address}) => name === host.name || address === host.address);
    if (clash)
      throw new LabError(
        'bad-host',
        `${host.name} and ${clash.name} share a name or the address ${host.address}`,
        'Give every lab host a name and an address of its own.',
      );
  }
}

// A hostname of one label, RFC 1123; it is also a directory name and a control group's name.
function checkName({name}: LabHost) {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return;
  throw new LabError(
    'bad-host',
    `${JSON.stringify(name)} cannot be a lab host's name`,
    'Use lower case letters, digits and hyphens.',
  );
}

function checkAddress({name, address}: LabHost) {
  const last = /^198\.18\.0\.(\d{1,3})$/.exec(address)?.[1];
  if (last && Number(last) >= 2 && Number(last) <= 254) return;
  throw new LabError(
    'bad-host',
    `${name}: ${address} is outside the lab's network`,
    'Use an address from 198.18.0.2 to 198.18.0.254.',
  );
}

/** Records that a host belongs to the lab, before anything of it is made. */
export async function recordHost(paths: LabPaths, host: LabHost): Promise<void> {
  await mkdir(hostDirectory(paths, host.name), {recursive: true, mode: 0o755});
  await writeFile(recordFile(paths, host.name), `${host.address} ${host.suite}\n`);
}

/** All hosts of this machine's lab, running or not, by name; a host whose record is damaged is left out. */
export async function recordedHosts(paths: LabPaths): Promise<readonly LabHost[]> {
  const names = await hostDirectories(paths);
  const hosts = await Promise.all(names.map((name) => loadHost(paths, name)));
  return hosts.flatMap((host) => host ?? []);
}

/** The names of all host directories, whether or not their records are sound. */
export async function hostDirectories(paths: LabPaths): Promise<string[]> {
  return namesIn(join(paths.state, 'hosts'));
}

/** Records the project that owns the lab. */
export async function recordProject(paths: LabPaths): Promise<void> {
  await writeFile(join(paths.state, 'project'), `${paths.project}\n`);
}

/** The `.infra/lab` directory of the project that owns the lab; undefined when there is no lab. */
export async function recordedProject(paths: LabPaths): Promise<string | undefined> {
  return readIfPossible(join(paths.state, 'project'))?.trimEnd() || undefined;
}

async function loadHost(paths: LabPaths, name: string): Promise<LabHost | undefined> {
  const [address, suite] = (readIfPossible(recordFile(paths, name)) ?? '').trim().split(' ');
  return address && suite && isLabSuite(suite) ? {name, address, suite} : undefined;
}

function recordFile(paths: LabPaths, name: string) {
  return join(hostDirectory(paths, name), 'host');
}

/** The recorded hosts with these names, or all when none is named. Throws `LabError` for a name that the lab lacks. */
export async function chosenHosts(paths: LabPaths, names: readonly string[]): Promise<readonly LabHost[]> {
  const hosts = await recordedHosts(paths);
  const known = hosts.map(({name}) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || hosts.length === 0) {
    const lab = known.length > 0 ? `The lab has ${known.join(', ')}` : 'The lab is not up';
    const hint = known.length > 0 ? 'Name one of these.' : 'Run infra lab up.';
    throw new LabError('unknown-host', unknown === undefined ? lab : `${lab}; no ${unknown}`, hint);
  }
  return names.length > 0 ? hosts.filter(({name}) => names.includes(name)) : hosts;
}

/**
 * The lab hosts of an inventory's hosts, or of those that are named. The variable `labSuite` says which Debian release
 * to boot (default: trixie). Throws `LabError` for an unknown name or release.
 */
export function labHostsOf(hosts: readonly Host[], names: readonly string[] = []): readonly LabHost[] {
  const unknown = names.find((name) => !hosts.some((host) => host.name === name));
  if (unknown !== undefined) {
    const known = hosts.map(({name}) => name).join(', ');
    throw new LabError('unknown-host', `The inventory has no host ${unknown}`, `It has ${known}.`);
  }
  return hosts.filter(({name}) => names.length === 0 || names.includes(name)).map(labHostOf);
}

function labHostOf({name, address, vars}: Host): LabHost {
  const suite = String(vars.labSuite ?? 'trixie');
  if (isLabSuite(suite)) return {name, address, suite};
  const hint = `Set labSuite to one of ${labSuites.join(', ')}.`;
  throw new LabError('bad-host', `${name}: the lab cannot boot ${JSON.stringify(suite)}`, hint);
}
