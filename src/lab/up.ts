import {existsSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {dirname} from 'node:path';
import {hostProcess} from './hosts/boot.js';
import {
  checkHosts,
  hostDirectories,
  type LabHost,
  recordedHosts,
  recordedProject,
  recordProject,
} from './hosts/host.js';
import {makeLabKey, removeProjectFiles, writeProjectFiles} from './hosts/identity.js';
import {buildImage, imageMirrors} from './hosts/image.js';
import {bootAll, layOutHost, settleAll, waitUntilReady} from './hosts/start.js';
import {hostDirectory, type Lab, LabError, type LabPaths} from './lab.js';
import {deleteTree} from './machine/delete.js';
import {clearControlGroup, raiseInotifyLimit} from './machine/kernel.js';
import {raiseBridge} from './machine/network.js';
import {startSquid} from './machine/squid.js';
import {savedLayers} from './states.js';

/**
 * Ensures that these hosts run: running ones are kept with their disks, all others start bare. What a crashed lab left
 * behind is removed first. Hosts of the lab that are not named stay as they are.
 */
export async function raiseLab(lab: Lab, hosts: readonly LabHost[]): Promise<void> {
  const {paths, settings, report} = lab;
  checkHosts(hosts);
  const running = (await recordedHosts(paths)).filter(({name}) => hostProcess(paths, name));
  await refuseOtherProject(paths, running);
  if (running.length === 0) await clearLeftovers(paths);
  const kept = hosts.filter((host) => isKept(host, running));
  const missing = hosts.filter((host) => !kept.includes(host));
  checkHosts([...(await recordedHosts(paths)).filter((host) => !isNamed(host, missing)), ...missing]);
  await mkdir(paths.state, {recursive: true, mode: 0o755});
  await takeOver(paths);
  await raiseInotifyLimit(paths);
  for (const suite of new Set(hosts.map((host) => host.suite))) await buildImage(paths, suite, settings, report);
  await raiseBridge();
  await startSquid(paths, settings, await imageMirrors(paths));
  await makeLabKey(paths);
  await settleAll(missing.map((host) => layOutHost(lab, host)));
  await writeProjectFiles(paths, await recordedHosts(paths));
  await bootAll(lab, missing);
  await settleAll(kept.map((host) => waitUntilReady(paths, host)));
}

// No host runs, but a crash or a restart of this machine may have left records. Hosts in saved states are kept, off.
async function clearLeftovers(paths: LabPaths) {
  await clearControlGroup();
  for (const name of await hostDirectories(paths)) {
    if (savedLayers(paths, name).length === 0) await deleteTree(hostDirectory(paths, name));
  }
}

// The key in the former owner's project is no longer valid.
async function takeOver(paths: LabPaths) {
  const former = await recordedProject(paths);
  if (former && former !== paths.project) await removeProjectFiles(former);
  await recordProject(paths);
}

async function refuseOtherProject(paths: LabPaths, running: readonly LabHost[]) {
  const owner = await recordedProject(paths);
  if (!owner || owner === paths.project || running.length === 0 || !existsSync(dirname(owner))) return;
  throw new LabError(
    'other-project',
    `The lab of this machine is up for ${dirname(dirname(owner))} (${running.map(({name}) => name).join(', ')})`,
    'Work there, or end it with infra lab down (that deletes its disks and saved states).',
  );
}

function isNamed({name}: LabHost, hosts: readonly LabHost[]) {
  return hosts.some((host) => host.name === name);
}

// The same host is kept. The same name with another address or suite is an error, so that no disk is lost.
function isKept(host: LabHost, running: readonly LabHost[]) {
  const same = running.find(({name}) => name === host.name);
  if (!same) return false;
  if (same.address === host.address && same.suite === host.suite) return true;
  throw new LabError(
    'bad-host',
    `${host.name} runs ${same.suite} at ${same.address}, but the inventory says ${host.suite} at ${host.address}`,
    'Run infra lab down, then up again.',
  );
}
