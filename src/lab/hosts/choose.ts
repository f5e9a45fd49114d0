import {LabError} from '../error.js';
import type {LabPaths} from '../paths.js';
import type {LabHost} from './host.js';
import {recordedHosts} from './record.js';

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
