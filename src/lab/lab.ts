import {join} from 'node:path';

/** What every lab command works with. */
export type Lab = {
  readonly paths: LabPaths;
  readonly settings: AptSettings;
  /** Prints a line of progress. */
  readonly report: (line: string) => void;
};

/** How this machine's own apt reaches Debian: its HTTP proxy, if any, and the date checks that it skips. */
export type AptSettings = {readonly proxy?: string; readonly lenient: readonly string[]};

/**
 * The directories of the lab. `state` is the same on every machine, so that any clone finds a lab that another one
 * started, also after a crash; `cache` (base images, packages) survives `infra lab down`; `project` is the directory in
 * the user's project that receives the private key and `known_hosts`.
 */
export type LabPaths = {readonly state: string; readonly cache: string; readonly project: string};

/** The paths for a project directory. The environment variable `INFRA_LAB_CACHE` names another cache. */
export function labPaths(projectDirectory: string, env: NodeJS.ProcessEnv): LabPaths {
  return {
    state: '/var/lib/infra-lab',
    cache: env.INFRA_LAB_CACHE || '/var/cache/infra-lab',
    project: join(projectDirectory, '.infra', 'lab'),
  };
}

/**
 * The directory of one host: its `disk` (overlay layers, also of saved states, mounted for the host alone), keys,
 * process and console.
 */
export function hostDirectory(paths: LabPaths, name: string): string {
  return join(paths.state, 'hosts', name);
}

/** The lab's private key; the public one is next to it with `.pub`. */
export function keyFile(paths: LabPaths): string {
  return join(paths.state, 'id_ed25519');
}

/** Why a lab command failed. */
type LabErrorReason =
  | 'unsupported-machine'
  | 'missing-packages'
  | 'bad-host'
  | 'unknown-host'
  | 'unknown-state'
  | 'bad-state'
  | 'busy'
  | 'other-project'
  | 'address-taken'
  | 'command-failed'
  | 'boot-failed';

/** An expected failure of the lab: `message` says what failed, `hint` one next step. */
export class LabError extends Error {
  readonly reason: LabErrorReason;
  readonly hint: string;

  constructor(reason: LabErrorReason, message: string, hint: string) {
    super(message);
    this.name = 'LabError';
    this.reason = reason;
    this.hint = hint;
  }
}
