import {chmodSync, existsSync} from 'node:fs';
import {chown, mkdir, readFile, rmdir, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {readIfPossible} from '../../local/read-file.js';
import {replaceFile} from '../../local/write-file.js';
import {deleteTree} from '../machine/delete.js';
import {labAddress6} from '../machine/network.js';
import {run} from '../machine/run.js';
import {hostDirectory, keyFile, type LabPaths} from '../paths.js';
import type {LabHost} from './host.js';

/** Makes the lab's key pair unless it is there. */
export async function makeLabKey(paths: LabPaths): Promise<void> {
  if (existsSync(`${keyFile(paths)}.pub`)) return;
  await deleteTree(keyFile(paths));
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'infra-lab', '-f', keyFile(paths)]);
}

/**
 * Writes what a user of the lab needs, `id_ed25519` (0600) and `known_hosts` (all hosts, all key types), into the
 * project's `.infra/lab`, owned by the project directory's owner, so that the lab can be used without root. Each file
 * is replaced in one step, as others log in meanwhile.
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
  // A host whose making was interrupted has none yet.
  const read = (type: string) => readFile(join(keys, `ssh_host_${type}_key.pub`), 'utf8').catch(() => '');
  const texts = await Promise.all(types.map(read));
  const names = [address, labAddress6(address), name].join(',');
  return texts.filter(Boolean).map((text) => `${names} ${text.split(' ').slice(0, 2).join(' ')}`);
}
