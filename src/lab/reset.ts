import {powerOff} from './hosts/boot.js';
import {addLayer, deleteUnused, hasLayers, takeDisk} from './hosts/disk.js';
import {chosenHosts, type LabHost, recordedHosts} from './hosts/host.js';
import {writeProjectFiles} from './hosts/identity.js';
import {bootAll, clearHost, layOutHost, settleAll} from './hosts/start.js';
import {type Lab, LabError, type LabPaths} from './lab.js';
import {type SavedHost, type SavedState, savedLayers, savedState} from './states.js';

/** Puts hosts back to the bare image and boots them; all hosts when none is named. Their host keys stay. */
export async function resetHosts(lab: Lab, names: readonly string[]): Promise<void> {
  const hosts = await chosenHosts(lab.paths, names);
  await settleAll(hosts.map((host) => layOutHost(lab, host)));
  await bootAgain(lab, hosts);
}

/**
 * Puts hosts back to a saved state and boots them; all hosts of the state when none is named. Throws `LabError` for a
 * host that the state lacks or that has changed since, before anything is done.
 */
export async function resetHostsTo(lab: Lab, name: string, names: readonly string[]): Promise<void> {
  const {paths} = lab;
  const saved = hostsOf(savedState(paths, name), await recordedHosts(paths), names);
  const damaged = saved.find((host) => !hasLayers(paths, host.name, host));
  if (damaged) {
    const hint = `Delete the state: infra lab forget ${name}`;
    throw new LabError('bad-state', `Layers of ${damaged.name} are missing from the state ${name}`, hint);
  }
  await settleAll(saved.map((host) => putBack(paths, host)));
  await bootAgain(lab, saved);
}

/** The chosen hosts of a state. Throws `LabError` for one that the state lacks or that has changed in the lab since. */
export function hostsOf(
  state: SavedState,
  recorded: readonly LabHost[],
  names: readonly string[],
): readonly SavedHost[] {
  const foreign = names.find((name) => !state.hosts.some((host) => host.name === name));
  if (foreign !== undefined) {
    const known = state.hosts.map(({name}) => name).join(', ');
    throw new LabError('bad-state', `The state ${state.name} does not include ${foreign}`, `It has ${known}.`);
  }
  const chosen = state.hosts.filter(({name}) => names.length === 0 || names.includes(name));
  for (const host of chosen)
    refuseOther(
      state.name,
      host,
      recorded.find(({name}) => name === host.name),
    );
  return chosen;
}

function refuseOther(state: string, saved: SavedHost, now: LabHost | undefined) {
  if (now && now.address === saved.address && now.suite === saved.suite) return;
  const other = now ? `is ${now.suite} at ${now.address} now` : 'is not in the lab now';
  throw new LabError(
    'bad-state',
    `The state ${state} holds ${saved.name} as ${saved.suite} at ${saved.address}; it ${other}`,
    `Boot it as it was, or delete the state: infra lab forget ${state}`,
  );
}

async function putBack(paths: LabPaths, {name, base, layers}: SavedHost) {
  await clearHost(paths, name);
  takeDisk(paths, name, await addLayer(paths, name, {base, layers}));
  await deleteUnused(paths, name, savedLayers(paths, name));
}

/** Shuts hosts down cleanly and boots them with the same disk; all hosts when none is named. */
export async function rebootHosts(lab: Lab, names: readonly string[]): Promise<void> {
  const hosts = await chosenHosts(lab.paths, names);
  lab.report(`Shutting down ${hosts.map(({name}) => name).join(', ')}`);
  await settleAll(hosts.map(({name}) => powerOff(lab.paths, name)));
  await bootAgain(lab, hosts);
}

async function bootAgain(lab: Lab, hosts: readonly LabHost[]) {
  await writeProjectFiles(lab.paths, await recordedHosts(lab.paths));
  await bootAll(lab, hosts);
}
