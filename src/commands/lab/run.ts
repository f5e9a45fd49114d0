import {dirname} from 'node:path';
import {type LabHost, labHostsOf} from '../../lab/hosts/host.js';
import {LabError} from '../../lab/lab.js';
import {installPackages, missingRequirements, packagesOf, requirePackages} from '../../lab/machine/requirements.js';
import type {LabStatus} from '../../lab/status.js';
import type {Project} from '../../local/project.js';
import {InputError} from '../../model/diagnostic.js';
import {joined, type StyledText, styled} from '../../model/text/styled-text.js';

/** The hosts of an inventory, or those that are named, as hosts of the lab. Rejects with `InputError` or `LabError`. */
export async function inventoryHosts(
  project: Project,
  inventory: string | undefined,
  names: readonly string[],
): Promise<readonly LabHost[]> {
  const [{loadInventory}, {defaultInventory}] = await Promise.all([
    import('../../inventory/index.js'),
    import('../../session/default-inventory.js'),
  ]);
  return labHostsOf(loadInventory(inventory ?? defaultInventory(project)).hosts, names);
}

/** Ensures that this machine has what the lab needs. Installs missing packages if `install`; else throws `LabError`. */
export async function prepareMachine(install: boolean, report: (line: string) => void): Promise<void> {
  const missing = packagesOf(missingRequirements());
  if (install && missing.length > 0) {
    report(`Installing ${missing.join(', ')}`);
    await installPackages(missing);
  }
  requirePackages(missingRequirements());
}

/** A lab's status as a small table, one host a line; saved states with their hosts below it. */
export function renderLabStatus({project, bridge, packageProxy, hosts, states}: LabStatus): StyledText {
  if (!project) return styled`The lab is not up.\n`;
  const width = Math.max(0, ...hosts.map(({name}) => name.length));
  const rows = hosts.map(
    ({name, address, suite, state}) =>
      styled`${name.padEnd(width)}  ${address.padEnd(12)}  ${suite.padEnd(8)}  ${state}\n`,
  );
  const broken = [...(bridge ? [] : ['its bridge']), ...(packageProxy ? [] : ['its package proxy'])];
  const warning = broken.length > 0 ? styled`Missing: ${broken.join(' and ')}. Run infra lab up.\n` : '';
  const saved = states.map(
    ({name, hosts: of}) => styled`Saved state ${name}: ${of.map((host) => host.name).join(', ')}\n`,
  );
  return styled`Lab of ${dirname(dirname(project))}\n${joined(rows, '')}${joined(saved, '')}${warning}`;
}

/** Runs a lab command and returns its exit code. An expected failure is shown with its next step and gives 1. */
export async function exitCodeOf(project: Project, work: () => Promise<number | undefined>): Promise<number> {
  try {
    return (await work()) ?? 0;
  } catch (error) {
    const {openConsole, reportingFaults} = await import('../../session/console.js');
    return reportingFaults(openConsole(project), () =>
      Promise.reject(error instanceof LabError ? faultOf(error) : error),
    );
  }
}

function faultOf({message, hint}: LabError) {
  return new InputError([{message, hint}]);
}
