import {clearControlGroup} from '../machine/cgroup.js';
import {killGroup, signal, waitForEnd} from '../machine/process.js';
import type {LabPaths} from '../paths.js';
import {hostProcess} from './boot.js';
import {initOf} from './inside.js';

// systemd(1): SIGRTMIN+4 starts poweroff.target. The C library's SIGRTMIN is 34 on Linux.
const powerOffSignal = 34 + 4;

// A host with a database shuts down in 2 to 5 s.
const powerOffSeconds = 20;

/**
 * Shuts a host down as its power button would; one that is not off after so many seconds is cut off. Returns whether it
 * ended by itself, as one has that is off.
 */
export async function powerOff(paths: LabPaths, name: string, seconds = powerOffSeconds): Promise<boolean> {
  const running = hostProcess(paths, name);
  const init = running && initOf(running);
  if (init) signal(init, powerOffSignal);
  const ended = !running || (init !== undefined && (await waitForEnd(running, seconds)));
  await cutOff(paths, name);
  return ended;
}

/** Ends a host at once; its disk stays. Fine for a host that is off. */
export async function cutOff(paths: LabPaths, name: string): Promise<void> {
  const running = hostProcess(paths, name);
  if (running) await killGroup(running);
  await clearControlGroup(name);
}
