import {powerOff} from './hosts/boot.js';
import {addLayer, deleteUnused, hasRoom, loadDisk, takeDisk} from './hosts/disk.js';
import {chosenHosts, type LabHost, recordedHosts} from './hosts/host.js';
import {writeProjectFiles} from './hosts/identity.js';
import {bootAll, settleAll} from './hosts/start.js';
import {type Lab, LabError, type LabPaths} from './lab.js';
import {run} from './machine/run.js';
import {checkNewState, dropState, keepState, type SavedHost, savedLayers, savedState, savedStates} from './states.js';

// systemd gives each unit 90 s to stop before it kills it.
const SHUTDOWN_SECONDS = 100;

/**
 * Shuts hosts down (all when none is named), keeps their disks as a state with this name, and boots them again. The
 * state exists once it is complete for all of them. Throws `LabError` for a name that is taken or unusable, and for a
 * host that does not shut down by itself.
 */
export async function saveHosts(lab: Lab, state: string, names: readonly string[]): Promise<void> {
  const {paths, report} = lab;
  checkNewState(paths, state);
  const hosts = (await chosenHosts(paths, names)).map((host) => hostToSave(paths, host));
  report(`Shutting down ${namesOf(hosts)}`);
  const ended = await settleAll(hosts.map(({name}) => powerOff(paths, name, SHUTDOWN_SECONDS)));
  const cutOff = hosts.filter((_, index) => !ended[index]);
  if (cutOff.length === 0) {
    await settleAll(hosts.map((host) => freeze(paths, host)));
    // All hosts are on one file system of this machine; a crash of it after this loses nothing.
    await run('sync', ['--file-system', paths.state]);
    keepState(paths, {name: state, hosts});
    report(`Saved ${state}`);
  }
  await writeProjectFiles(paths, await recordedHosts(paths));
  await bootAll(lab, hosts);
  if (cutOff.length > 0) throw unsaved(namesOf(cutOff));
}

/**
 * Deletes these saved states; hosts that run on their layers keep them. Throws `LabError` for an unknown one.
 */
export async function forgetStates(paths: LabPaths, names: readonly string[]): Promise<void> {
  const states = names.map((name) => savedState(paths, name));
  for (const {name} of states) dropState(paths, name);
  const hosts = new Set(states.flatMap((state) => state.hosts.map(({name}) => name)));
  for (const host of hosts) await deleteUnused(paths, host, savedLayers(paths, host));
}

/** Removes hosts from all saved states, before their disks are deleted; a state without hosts is deleted. */
export function forgetHosts(paths: LabPaths, names: readonly string[]): void {
  for (const {name, hosts} of savedStates(paths)) {
    const left = hosts.filter((host) => !names.includes(host.name));
    if (left.length === 0) dropState(paths, name);
    else if (left.length < hosts.length) keepState(paths, {name, hosts: left});
  }
}

/** The host as it will be in the state: the layer that it writes to now becomes the newest one. */
function hostToSave(paths: LabPaths, host: LabHost): SavedHost {
  const {name} = host;
  const disk = loadDisk(paths, name);
  if (!disk) throw new LabError('bad-state', `${name} has no disk that can be saved`, `Run infra lab reset ${name}.`);
  const saved = {...host, base: disk.base, layers: [...disk.layers, disk.upper]};
  if (hasRoom(saved)) return saved;
  const hint = 'Reset it to one of the first of these states, and save from there.';
  throw new LabError(
    'bad-state',
    `${name} is on top of ${disk.layers.length} saved states; overlayfs does not support more`,
    hint,
  );
}

/** Makes the host write to a new layer from its next boot on, so that its present layers no longer change. */
async function freeze(paths: LabPaths, host: SavedHost): Promise<void> {
  takeDisk(paths, host.name, await addLayer(paths, host.name, host));
}

function unsaved(names: string) {
  return new LabError(
    'busy',
    `Nothing was saved: ${names} did not shut down in time and had to be cut off`,
    'See what keeps it from shutting down (infra lab ssh HOST sudo systemctl list-jobs), then try again.',
  );
}

const namesOf = (hosts: readonly LabHost[]) => hosts.map(({name}) => name).join(', ');
