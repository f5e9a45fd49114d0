import {userId} from '../local/this-machine.js';
import {hostProcess} from './hosts/boot.js';
import {type LabHost, recordedHosts, recordedProject} from './hosts/host.js';
import {initOf, processParents, runInside} from './hosts/inside.js';
import type {LabPaths} from './lab.js';
import {bridgeExists} from './machine/network.js';
import {squidRuns} from './machine/squid.js';
import {type SavedState, savedStates} from './states.js';

/**
 * A host and what it does: `off`, or systemd's word (`running`, `degraded`, `starting`…), which only root can ask for:
 * else `on`.
 */
export type HostStatus = LabHost & {readonly state: string};

/** The lab of this machine: its project, whether its parts run, and its hosts and saved states by name. */
export type LabStatus = {
  readonly project: string | undefined;
  readonly bridge: boolean;
  readonly packageProxy: boolean;
  readonly hosts: readonly HostStatus[];
  readonly states: readonly SavedState[];
};

/** Reads the status of the lab; changes nothing. */
export async function labStatus(paths: LabPaths): Promise<LabStatus> {
  const hosts = await recordedHosts(paths);
  const parents = processParents();
  return {
    project: await recordedProject(paths),
    bridge: await bridgeExists(),
    packageProxy: squidRuns(paths),
    hosts: await Promise.all(hosts.map(async (host) => ({...host, state: await stateOf(paths, host.name, parents)}))),
    states: savedStates(paths),
  };
}

async function stateOf(paths: LabPaths, name: string, parents: ReadonlyMap<number, number>) {
  const running = hostProcess(paths, name);
  if (!running) return 'off';
  const init = initOf(running, parents);
  if (!init) return 'starting';
  return (
    (await runInside(init, ['systemctl', 'is-system-running'])).stdout.trim() || (userId() === 0 ? 'starting' : 'on')
  );
}
