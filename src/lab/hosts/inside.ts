import {spawn} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {LabPaths} from '../lab.js';
import {parseStat, type RecordedProcess} from '../machine/process.js';
import {type Ended, tryRun} from '../machine/run.js';
import type {LabHost} from './host.js';

/**
 * The number, on this machine, of a running host's own process 1; undefined while it has none. Pass `parents` to ask
 * for many hosts without reading all processes for each.
 */
export function initOf(host: RecordedProcess, parents = processParents()): number | undefined {
  return [...parents.keys()].find((pid) => hasAncestor(parents, pid, host.pid) && isInit(pid));
}

/** Runs a command inside a host as root, without ssh: in all namespaces of its process 1. */
export function runInside(init: number, command: readonly string[]): Promise<Ended> {
  return tryRun('nsenter', [
    '--target',
    `${init}`,
    '--mount',
    '--uts',
    '--ipc',
    '--net',
    '--pid',
    '--root',
    '--wd',
    ...command,
  ]);
}

/** The parent of every process of this machine. */
export function processParents(): ReadonlyMap<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((pid) => {
      const parent = parseStat(read(`/proc/${pid}/stat`))?.parent;
      return parent === undefined ? [] : [[Number(pid), parent] as const];
    }),
  );
}

function hasAncestor(parents: ReadonlyMap<number, number>, pid: number, ancestor: number): boolean {
  const parent = parents.get(pid);
  return parent !== undefined && (parent === ancestor || hasAncestor(parents, parent, ancestor));
}

// NSpid lists a process's number in each pid namespace from ours inwards (proc(5)).
function isInit(pid: number) {
  return /^NSpid:\t\d+\t1$/m.test(read(`/proc/${pid}/status`));
}

function read(path: string) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/**
 * The arguments of `ssh` for a lab host as `deploy`: only the lab's key, strict checking, no configuration file. A `--`
 * before the command is not part of it.
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
