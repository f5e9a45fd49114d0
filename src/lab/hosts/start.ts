import {join} from 'node:path';
import type {Lab} from '../lab.js';
import {deleteTree} from '../machine/delete.js';
import {hostDirectory, type LabPaths} from '../paths.js';
import {savedLayers} from '../states.js';
import {bootHost} from './boot.js';
import {addLayer, deleteUnused, diskDirectory, linkBase, takeDisk} from './disk.js';
import type {LabHost} from './host.js';
import {writeIdentity} from './identity.js';
import {imageDirectory} from './image.js';
import {waitUntilReady} from './ready.js';
import {recordHost} from './record.js';
import {cutOff} from './stop.js';

/**
 * Gives a host a bare disk, the base image under a layer that holds only its identity; a host of that name that runs is
 * ended first. Layers that saved states need stay.
 */
export async function layOutHost({paths, settings}: Lab, host: LabHost): Promise<void> {
  await clearHost(paths, host.name);
  await recordHost(paths, host);
  const base = await linkBase(paths, host.name, imageDirectory(paths, host.suite));
  const disk = await addLayer(paths, host.name, {base, layers: []});
  await writeIdentity(paths, host, settings, join(diskDirectory(paths, host.name), disk.upper));
  takeDisk(paths, host.name, disk);
  await deleteUnused(paths, host.name, savedLayers(paths, host.name));
}

/** Ends a host at once and deletes what its last boot left beside its disk. */
export async function clearHost(paths: LabPaths, name: string): Promise<void> {
  await cutOff(paths, name);
  for (const file of ['process', 'console.log']) await deleteTree(join(hostDirectory(paths, name), file));
}

/** Boots hosts that are laid out, side by side, and waits for all; reports each as it becomes ready. */
export async function bootAll({paths, report}: Lab, hosts: readonly LabHost[]): Promise<void> {
  if (hosts.length === 0) return;
  report(`Booting ${hosts.map(({name}) => name).join(', ')}`);
  const started = performance.now();
  await settleAll(
    hosts.map(async (host) => {
      await bootHost(paths, host);
      await waitUntilReady(paths, host);
      report(`${host.name} ${host.address} is ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }),
  );
}

/** Waits for all, then throws the first failure: no work goes on behind an error message. */
export async function settleAll<Result>(work: readonly Promise<Result>[]): Promise<readonly Result[]> {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
