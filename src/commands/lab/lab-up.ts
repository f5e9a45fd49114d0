import {installPackages} from '../../lab/machine/install.js';
import {missingRequirements, packagesOf, requirePackages} from '../../lab/machine/requirements.js';

export {loadInventory} from '../../inventory/index.js';
export {labHostsOf} from '../../lab/hosts/inventory-hosts.js';
export {raiseLab} from '../../lab/up.js';
export {defaultInventory} from '../../session/default-inventory.js';

/** Makes sure that this machine has what the lab runs; installs what it lacks only when told to, else throws `LabError`. */
export async function prepareMachine(install: boolean, report: (line: string) => void): Promise<void> {
  const missing = packagesOf(missingRequirements());
  if (install && missing.length > 0) {
    report(`Installing ${missing.join(', ')}`);
    await installPackages(missing);
  }
  requirePackages(missingRequirements());
}
