import {join} from 'node:path';

/**
 * Where the lab keeps its things. `state` lives at one fixed place a machine, so that any clone finds a lab that
 * another one started, also after a crash; `cache` (base images, packages) outlives `down`; `project` is the directory
 * under the user's project that receives the private key and `known_hosts`.
 */
export type LabPaths = {readonly state: string; readonly cache: string; readonly project: string};

/** The paths for a project directory; the environment variable `INFRA_LAB_CACHE` moves the cache. */
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

/** The lab's private key; the public one is beside it with `.pub`. */
export function keyFile(paths: LabPaths): string {
  return join(paths.state, 'id_ed25519');
}
