import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {namesIn, readIfPossible} from '../../local/read-file.js';
import {hostDirectory, type LabPaths} from '../paths.js';
import {isLabSuite, type LabHost} from './host.js';

/** Notes that a host belongs to the lab, before anything of it is made. */
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

/** The names of all host directories, recorded well or not. */
export async function hostDirectories(paths: LabPaths): Promise<string[]> {
  return namesIn(join(paths.state, 'hosts'));
}

/** Notes the project that owns the lab. */
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
