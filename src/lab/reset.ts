import {chosenHosts} from './choose.js';
import {writeProjectFiles} from './keys.js';
import type {Lab} from './lab.js';
import {recordedHosts} from './record.js';
import {bootAll, layOutHost, settleAll} from './start.js';
import {powerOff} from './stop.js';

/** Puts hosts back to the bare image and boots them; all hosts when none is named. Their host keys stay. */
export async function resetHosts(lab: Lab, names: readonly string[]): Promise<void> {
  const hosts = await chosenHosts(lab.paths, names);
  await settleAll(hosts.map((host) => layOutHost(lab, host)));
  await writeProjectFiles(lab.paths, await recordedHosts(lab.paths));
  await bootAll(lab, hosts);
}

/** Shuts hosts down cleanly and boots them with the same disk; all hosts when none is named. */
export async function rebootHosts(lab: Lab, names: readonly string[]): Promise<void> {
  const hosts = await chosenHosts(lab.paths, names);
  lab.report(`Shutting down ${hosts.map(({name}) => name).join(', ')}`);
  await settleAll(hosts.map(({name}) => powerOff(lab.paths, name)));
  await writeProjectFiles(lab.paths, await recordedHosts(lab.paths));
  await bootAll(lab, hosts);
}
