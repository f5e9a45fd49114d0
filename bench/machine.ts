import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import os from 'node:os';

/** Where and with what it was measured. */
export interface Machine {
  readonly cpus: number;
  readonly model: string;
  /** Load averages over 1, 5 and 15 minutes. */
  readonly load: readonly number[];
  readonly versions: Readonly<Record<string, string>>;
}

export function readMachine(): Machine {
  const cpus = os.cpus();
  // The package's own file, which has a version.
  const {version} = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const versions = {infra: version, Node: process.versions.node, OpenSSH: versionOf('ssh', '-V'), Linux: os.release()};
  return {cpus: cpus.length, model: cpus[0]?.model ?? 'unknown', load: os.loadavg(), versions};
}

/** The first version number in what a command says of itself; empty when there is no such command. */
export function versionOf(command: string, flag: string): string {
  const {stdout, stderr} = spawnSync(command, [flag], {encoding: 'utf8'});
  return /\d+\.\d[\w.]*/.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[0] ?? '';
}
