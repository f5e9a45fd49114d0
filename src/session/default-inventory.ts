import {readdirSync} from 'node:fs';
import path from 'node:path';
import type {Project} from '../local/project.js';
import {InputError} from '../model/index.js';

/**
 * The inventory to use when none is named: `INFRA_INVENTORY` of the environment, `inventory/hosts.yml`, or the only
 * YAML file in `inventory/`. Throws `InputError`.
 */
export function defaultInventory({root, env}: Pick<Project, 'root' | 'env'>): string {
  const {INFRA_INVENTORY: named} = env;
  if (named) return named;
  const files = inventoryFiles();
  const usual = files.find((file) => path.parse(file).name === 'hosts');
  const [only, second] = usual ? [usual] : files;
  if (only && !second) return only;
  if (!only) {
    const above = projectAbove(root);
    const start = 'Start a project here: infra init. Or name an inventory elsewhere: --inventory FILE';
    const hint = above === undefined ? start : `Go to the directory of the project: cd ${above}`;
    throw new InputError([{message: 'there is no inventory here (inventory/*.yml)', hint}]);
  }
  const hint = `Choose one: --inventory ${only}`;
  throw new InputError([{message: `there are several inventories: ${files.join(', ')}`, hint}]);
}

/** The shortest way up from a directory to one with inventories, such as `..`; undefined when there is none. */
function projectAbove(directory: string): string | undefined {
  for (let above = path.dirname(directory); above !== path.dirname(above); above = path.dirname(above))
    if (inventoryFiles(path.join(above, 'inventory')).length > 0) return path.relative(directory, above);
  return undefined;
}

function inventoryFiles(directory = 'inventory'): string[] {
  try {
    const entries = readdirSync(directory, {withFileTypes: true}).filter((entry) => !entry.isDirectory());
    const names = entries.map(({name}) => name).filter((name) => /^[^.].*\.ya?ml$/.test(name));
    return names.sort().map((name) => path.join('inventory', name));
  } catch {
    return [];
  }
}
