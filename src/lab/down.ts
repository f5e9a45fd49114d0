import {cutOff} from './hosts/boot.js';
import {chosenHosts, hostDirectories, recordedHosts, recordedProject} from './hosts/host.js';
import {removeProjectFiles, writeProjectFiles} from './hosts/identity.js';
import {removeOldImages} from './hosts/image.js';
import {settleAll} from './hosts/start.js';
import {hostDirectory, type LabPaths} from './lab.js';
import {deleteTree} from './machine/delete.js';
import {clearControlGroup, restoreInotifyLimit} from './machine/kernel.js';
import {removeBridge} from './machine/network.js';
import {stopSquid} from './machine/squid.js';
import {forgetHosts} from './save.js';

/**
 * Removes the lab of this machine, whichever user started it, also after a crash: its processes, bridge, disks and keys. Base
 * images and downloaded packages stay in the cache. Does nothing when there is no lab.
 */
export async function removeLab(paths: LabPaths): Promise<void> {
  const project = await recordedProject(paths);
  await settleAll((await hostDirectories(paths)).map((name) => cutOff(paths, name)));
  await clearControlGroup();
  await stopSquid(paths);
  await removeBridge();
  await restoreInotifyLimit(paths);
  await deleteTree(paths.state);
  await removeOldImages(paths);
  for (const directory of new Set([project, paths.project])) if (directory) await removeProjectFiles(directory);
}

/**
 * Ends only these hosts and deletes their disks and keys, in saved states too. Throws `LabError` for a name that the
 * lab does not have.
 */
export async function removeHosts(paths: LabPaths, names: readonly string[]): Promise<void> {
  const hosts = await chosenHosts(paths, names);
  forgetHosts(
    paths,
    hosts.map(({name}) => name),
  );
  await settleAll(hosts.map(({name}) => removeHost(paths, name)));
  await writeProjectFiles(paths, await recordedHosts(paths));
}

async function removeHost(paths: LabPaths, name: string) {
  await cutOff(paths, name);
  await deleteTree(hostDirectory(paths, name));
}
