import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {LabError} from '../error.js';
import {lastLines, tryRun} from '../machine/run.js';
import type {LabPaths} from '../paths.js';
import {sshArguments} from '../ssh.js';
import {consoleFile, hostProcess, recordFile} from './boot.js';
import type {LabHost} from './host.js';
import {initOf, runInside} from './inside.js';

// Six hosts at once boot in about 10 s on two cores; this leaves room for a slow machine.
const patienceSeconds = 120;

/**
 * Waits until a booting host has started everything and answers a real SSH login. It asks systemd from outside first:
 * connections made before sshd is ready would count against this machine's address in OpenSSH's PerSourcePenalties.
 */
export async function waitUntilReady(paths: LabPaths, host: LabHost): Promise<void> {
  const deadline = performance.now() + patienceSeconds * 1000;
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
    `${name} ${off ? 'stopped while booting' : `is not ready after ${patienceSeconds} s`}:\n${lastLines(console, 8)}`,
    `Read ${consoleFile(paths, name)}, then run infra lab reset ${name}.`,
  );
}
