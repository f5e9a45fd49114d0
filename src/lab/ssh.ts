import {spawn} from 'node:child_process';
import {join} from 'node:path';
import type {LabHost} from './hosts/host.js';
import type {LabPaths} from './paths.js';

/**
 * The arguments of `ssh` for a lab host as `deploy`: only the lab's key, strict checking, nobody's configuration. A `--`
 * before the command is no part of it.
 */
export function sshArguments(
  {project}: LabPaths,
  {address}: LabHost,
  command: readonly string[],
  extra: readonly string[] = [],
): readonly string[] {
  const options = [
    'IdentitiesOnly=yes',
    `UserKnownHostsFile=${join(project, 'known_hosts')}`,
    'GlobalKnownHostsFile=/dev/null',
    'StrictHostKeyChecking=yes',
    'LogLevel=ERROR',
    ...extra,
  ];
  const optionArguments = options.flatMap((option) => ['-o', option]);
  const words = command[0] === '--' ? command.slice(1) : command;
  return ['-F', 'none', '-i', join(project, 'id_ed25519'), ...optionArguments, '--', `deploy@${address}`, ...words];
}

/** Opens a shell on a host, or runs a command there, on this terminal; returns its exit code (255: no connection). */
export function openSsh(paths: LabPaths, host: LabHost, command: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', sshArguments(paths, host, command), {stdio: 'inherit'});
    child.on('error', reject).on('close', (code) => resolve(code ?? 255));
  });
}
