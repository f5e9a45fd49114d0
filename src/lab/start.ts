import {join} from 'node:path';
import {bootHost} from './boot.js';
import {deleteTree} from './delete.js';
import type {LabHost} from './host.js';
import {writeIdentity} from './identity.js';
import type {Lab} from './lab.js';
import {hostFolder} from './paths.js';
import {waitUntilReady} from './ready.js';
import {recordHost} from './record.js';
import {cutOff} from './stop.js';

/** Gives a host an empty disk and its identity; a host of that name that runs is ended first. */
export async function layOutHost({paths, settings}: Lab, host: LabHost): Promise<void> {
  await cutOff(paths, host.name);
  const folder = hostFolder(paths, host.name);
  for (const name of ['disk', 'process', 'console.log']) await deleteTree(join(folder, name));
  await recordHost(paths, host);
  await writeIdentity(paths, host, settings);
}

/** Boots hosts that are laid out, side by side, and waits for all; reports each as it becomes ready. */
export async function bootAll({paths, report}: Lab, hosts: readonly LabHost[]): Promise<void> {
  if (hosts.length === 0) return;
  report(`Booting ${hosts.map(({name}) => name).join(', ')}`);
  const started = performance.now();
  await settleAll(
    hosts.map(async (host) => {
      bootHost(paths, host);
      await waitUntilReady(paths, host);
      report(`${host.name} ${host.address} is ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }),
  );
}

/** Waits for all, then throws the first failure: no work goes on behind an error message. */
export async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
