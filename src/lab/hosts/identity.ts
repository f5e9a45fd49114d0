import {chmodSync, existsSync} from 'node:fs';
import {chmod, chown, copyFile, mkdir, readdir, readFile, rmdir, stat, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {readIfPossible} from '../../local/read-file.js';
import {replaceFile} from '../../local/write-file.js';
import {type AptSettings, hostDirectory, keyFile, type LabPaths} from '../lab.js';
import {renderHostAptConf} from '../machine/apt-settings.js';
import {deleteTree} from '../machine/delete.js';
import {labAddress6} from '../machine/network.js';
import {run} from '../machine/run.js';
import {makeDirectory} from './disk.js';
import type {LabHost} from './host.js';

/** The numeric user and group of `deploy` in the base images. */
const deploy = 1000;

/**
 * Writes the host's own files (name, network, keys) to `disk`, an empty layer over the base image. Its SSH host keys
 * are made once and stay the same when the host is reset, and so does its `known_hosts` entry.
 */
export async function writeIdentity(
  paths: LabPaths,
  host: LabHost,
  settings: AptSettings,
  disk: string,
): Promise<void> {
  for (const [path, text] of identityFiles(host, settings)) await place(join(disk, path), disk, text);
  await placeHostKeys(hostDirectory(paths, host.name), disk);
  await placeAuthorizedKey(paths, disk);
}

/**
 * The exit code of a host's process 1 when the host is to start again. nspawn does not accept its own code for this,
 * 133, from a host.
 */
export const REBOOT_CODE = 75;

// Without CAP_SYS_BOOT a host cannot say by reboot(2) whether it is to start again.
const REBOOT_UNIT = `[Unit]
SuccessAction=exit-force
SuccessActionExitStatus=${REBOOT_CODE}
`;

/** The plain files of a host's identity, by path; all are root's with mode 0644. */
export function identityFiles(host: LabHost, settings: AptSettings): readonly (readonly [string, string])[] {
  return [
    ['etc/hostname', `${host.name}\n`],
    ['etc/hosts', `127.0.0.1 localhost\n${host.address} ${host.name}\n::1 localhost ip6-localhost ip6-loopback\n`],
    ['etc/systemd/network/10-host0.network', renderNetwork(host)],
    ['etc/systemd/system/systemd-reboot.service.d/lab.conf', REBOOT_UNIT],
    ['etc/apt/apt.conf.d/80lab', renderHostAptConf(host.suite, settings)],
  ];
}

// No gateway: packets of a test inside a host cannot leave the machine.
function renderNetwork({address}: LabHost) {
  const addresses = `Address=${address}/24\nAddress=${labAddress6(address)}/64\n`;
  return `[Match]\nName=host0\n\n[Network]\n${addresses}LinkLocalAddressing=ipv6\nIPv6AcceptRA=no\n`;
}

async function placeHostKeys(directory: string, disk: string) {
  const keys = join(directory, 'keys', 'etc', 'ssh');
  if (!existsSync(join(keys, 'ssh_host_ed25519_key.pub'))) {
    await mkdir(keys, {recursive: true, mode: 0o700});
    await run('ssh-keygen', ['-A', '-f', join(directory, 'keys')]);
  }
  await makeDirectory(join(disk, 'etc/ssh'));
  for (const name of await readdir(keys)) {
    await copyFile(join(keys, name), join(disk, 'etc/ssh', name));
    await chmod(join(disk, 'etc/ssh', name), name.endsWith('.pub') ? 0o644 : 0o600);
  }
}

async function placeAuthorizedKey(paths: LabPaths, disk: string) {
  const file = join(disk, 'home/deploy/.ssh/authorized_keys');
  await place(file, disk, await readFile(`${keyFile(paths)}.pub`, 'utf8'));
  for (const path of [join(disk, 'home/deploy'), dirname(file)]) {
    await chown(path, deploy, deploy);
    await chmod(path, 0o700);
  }
  await chown(file, deploy, deploy);
}

async function place(path: string, disk: string, text: string) {
  const parents = dirname(path)
    .slice(disk.length + 1)
    .split('/');
  for (const index of parents.keys()) await makeDirectory(join(disk, ...parents.slice(0, index + 1)));
  await writeFile(path, text);
  await chmod(path, 0o644);
}

/** Makes the lab's key pair unless it exists. */
export async function makeLabKey(paths: LabPaths): Promise<void> {
  if (existsSync(`${keyFile(paths)}.pub`)) return;
  await deleteTree(keyFile(paths));
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'infra-lab', '-f', keyFile(paths)]);
}

/**
 * Writes what a user of the lab needs, `id_ed25519` (0600) and `known_hosts` (all hosts, all key types), to the
 * project's `.infra/lab`, owned by the project directory's owner, so that the lab can be used without root. Each file
 * is replaced in one step, because others may log in at the same time.
 */
export async function writeProjectFiles(paths: LabPaths, hosts: readonly LabHost[]): Promise<void> {
  await mkdir(paths.project, {recursive: true});
  const known = await Promise.all(hosts.map((host) => knownHostLines(paths, host)));
  const file = (name: string) => join(paths.project, name);
  const lines = known.flat().map((line) => `${line}\n`);
  replaceChanged(file('known_hosts'), lines.join(''), 0o644);
  replaceChanged(file('.gitignore'), '*\n', 0o644);
  replaceChanged(file('id_ed25519'), await readFile(keyFile(paths), 'utf8'), 0o600);
  const owner = await stat(dirname(dirname(paths.project)));
  const ours = [file('id_ed25519'), file('known_hosts'), file('.gitignore'), paths.project, dirname(paths.project)];
  for (const path of ours) await chown(path, owner.uid, owner.gid);
}

function replaceChanged(file: string, text: string, mode: number) {
  if (readIfPossible(file) !== text) replaceFile(file, text, mode);
  chmodSync(file, mode);
}

/** Deletes them again, and `.infra` too when nothing else is in it. */
export async function removeProjectFiles(project: string): Promise<void> {
  await deleteTree(project);
  await rmdir(dirname(project)).catch(() => undefined);
}

async function knownHostLines(paths: LabPaths, {name, address}: LabHost) {
  const keys = join(hostDirectory(paths, name), 'keys', 'etc', 'ssh');
  const types = ['ed25519', 'ecdsa', 'rsa'];
  // A host that was made incompletely has no keys yet.
  const read = (type: string) => readFile(join(keys, `ssh_host_${type}_key.pub`), 'utf8').catch(() => '');
  const texts = await Promise.all(types.map(read));
  const names = [address, labAddress6(address), name].join(',');
  return texts.filter(Boolean).map((text) => `${names} ${text.split(' ').slice(0, 2).join(' ')}`);
}
