import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {hostDirectory, type Lab, LabError, type LabPaths} from '../lab.js';
import {deleteTree} from '../machine/delete.js';
import {lastLines, tryRun} from '../machine/run.js';
import {savedLayers} from '../states.js';
import {bootHost, consoleFile, cutOff, hostProcess, recordFile} from './boot.js';
import {addLayer, deleteUnused, diskDirectory, linkBase, takeDisk} from './disk.js';
import {type LabHost, recordHost} from './host.js';
import {writeIdentity} from './identity.js';
import {imageDirectory} from './image.js';
import {initOf, runInside, sshArguments} from './inside.js';

/**
 * Gives a host a bare disk: the base image under a layer that holds only its identity. A running host of that name is
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

/** Ends a host at once and deletes what its last boot left next to its disk. */
export async function clearHost(paths: LabPaths, name: string): Promise<void> {
  await cutOff(paths, name);
  for (const file of ['process', 'console.log']) await deleteTree(join(hostDirectory(paths, name), file));
}

/** Boots hosts that have disks, in parallel, and waits for all; reports each as it becomes ready. */
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

/** Waits for all, then throws the first failure, so that no work continues after an error message. */
export async function settleAll<Result>(work: readonly Promise<Result>[]): Promise<readonly Result[]> {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

// Six hosts boot at once in about 10 s on two cores; this is enough for a slow machine.
const MOST_SECONDS = 120;

/**
 * Waits until a booting host has started everything and answers a real SSH login. It asks systemd from outside first:
 * connections made before sshd is ready would count against this machine's address in OpenSSH's PerSourcePenalties.
 */
export async function waitUntilReady(paths: LabPaths, host: LabHost): Promise<void> {
  const deadline = performance.now() + MOST_SECONDS * 1000;
  while (!(await hasStarted(paths, host))) await pause(paths, host, deadline);
  while (!(await answersSsh(paths, host))) await pause(paths, host, deadline);
}

// `degraded` counts: systemd-modules-load fails in every container.
async function hasStarted(paths: LabPaths, {name}: LabHost) {
  const running = hostProcess(paths, name);
  const init = running && initOf(running);
  if (!init) return false;
  const {stdout} = await runInside(init, ['timeout', '100', 'systemctl', 'is-system-running', '--wait']);
  return ['running', 'degraded'].includes(stdout.trim());
}

async function answersSsh(paths: LabPaths, host: LabHost) {
  return (
    (await tryRun('ssh', sshArguments(paths, host, ['sudo', '-n', 'true'], ['ConnectTimeout=5', 'BatchMode=yes'])))
      .code === 0
  );
}

async function pause(paths: LabPaths, {name}: LabHost, deadline: number) {
  await sleep(300);
  const off = existsSync(recordFile(paths, name)) && !hostProcess(paths, name);
  if (!off && performance.now() < deadline) return;
  const console = await readFile(consoleFile(paths, name), 'utf8').catch(() => '');
  throw new LabError(
    'boot-failed',
    `${name} ${off ? 'stopped while booting' : `is not ready after ${MOST_SECONDS} s`}:\n${lastLines(console, 8)}`,
    `Read ${consoleFile(paths, name)}, then run infra lab reset ${name}.`,
  );
}
