import type {Host} from '../../model/inventory/inventory.js';
import {LabError} from '../error.js';
import {isLabSuite, type LabHost, labSuites} from './host.js';

/**
 * The lab hosts of an inventory's hosts, or of those that are named: the variable `labSuite` says which Debian
 * release to boot (trixie unless set). Throws `LabError` for an unknown name or release.
 */
export function labHostsOf(hosts: readonly Host[], names: readonly string[] = []): readonly LabHost[] {
  const unknown = names.find((name) => !hosts.some((host) => host.name === name));
  if (unknown !== undefined) {
    const known = hosts.map(({name}) => name).join(', ');
    throw new LabError('unknown-host', `The inventory has no host ${unknown}`, `It has ${known}.`);
  }
  return hosts.filter(({name}) => names.length === 0 || names.includes(name)).map(labHostOf);
}

function labHostOf({name, address, vars}: Host): LabHost {
  const suite = String(vars.labSuite ?? 'trixie');
  if (isLabSuite(suite)) return {name, address, suite};
  const hint = `Set labSuite to one of ${labSuites.join(', ')}.`;
  throw new LabError('bad-host', `${name}: the lab cannot boot ${JSON.stringify(suite)}`, hint);
}
