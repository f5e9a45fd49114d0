import {LabError} from './error.js';
import type {LabHost} from './host.js';
import type {Lab} from './lab.js';
import type {LabPaths} from './paths.js';
import {recordedHosts} from './record.js';
import {bootAll, layOutHost, settleAll} from './start.js';
import {powerOff} from './stop.js';

/** Puts hosts back to the bare image and boots them; all hosts when none is named. Their host keys stay. */
export async function resetHosts(lab: Lab, names: readonly string[]): Promise<void> {
  const hosts = await chosenHosts(lab.paths, names);
  await settleAll(hosts.map((host) => layOutHost(lab, host)));
  await bootAll(lab, hosts);
}

/** Shuts hosts down cleanly and boots them with the same disk; all hosts when none is named. */
export async function rebootHosts(lab: Lab, names: readonly string[]): Promise<void> {
  const hosts = await chosenHosts(lab.paths, names);
  lab.report(`Shutting down ${hosts.map(({name}) => name).join(', ')}`);
  await settleAll(hosts.map(({name}) => powerOff(lab.paths, name)));
  await bootAll(lab, hosts);
}

/** The recorded hosts of these names, all when none is named; throws `LabError` for a name the lab does not have. */
export async function chosenHosts(paths: LabPaths, names: readonly string[]): Promise<readonly LabHost[]> {
  const hosts = await recordedHosts(paths);
  const known = hosts.map(({name}) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined || hosts.length === 0) {
    const lab = known.length > 0 ? `The lab has ${known.join(', ')}` : 'The lab is not up';
    const hint = known.length > 0 ? 'Name one of these.' : 'Run infra lab up.';
    throw new LabError('unknown-host', unknown === undefined ? lab : `${lab}; no ${unknown}`, hint);
  }
  return names.length > 0 ? hosts.filter(({name}) => names.includes(name)) : hosts;
}
