import {readdirSync} from 'node:fs';
import path from 'node:path';
import {InputError} from '../model/index.js';

/**
 * The inventory to use when none is named: of the environment, `inventory/hosts.yml`, or the only YAML file of
 * `inventory/`. Throws `InputError`.
 */
export function defaultInventory(env: NodeJS.ProcessEnv): string {
  const {INFRA_INVENTORY: named} = env;
  if (named) return named;
  const files = inventoryFiles();
  const usual = files.find((file) => path.parse(file).name === 'hosts');
  const [only, second] = usual ? [usual] : files;
  if (only && !second) return only;
  if (!only) {
    const hint = 'Start a project here with: infra init. An inventory elsewhere is named by: --inventory FILE';
    throw new InputError([{message: 'there is no inventory here (inventory/*.yml)', hint}]);
  }
  const hint = `Choose one: --inventory ${only}`;
  throw new InputError([{message: `there are several inventories: ${files.join(', ')}`, hint}]);
}

function inventoryFiles(): string[] {
  try {
    const entries = readdirSync('inventory', {withFileTypes: true}).filter((entry) => !entry.isDirectory());
    const names = entries.map(({name}) => name).filter((name) => /^[^.].*\.ya?ml$/.test(name));
    return names.sort().map((name) => path.join('inventory', name));
  } catch {
    return [];
  }
}
