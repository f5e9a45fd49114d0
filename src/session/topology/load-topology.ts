import path from 'node:path';
import {checkPlays} from '../../engine/index.js';
import {loadInventory} from '../../inventory/index.js';
import {loadPlaybook} from '../../playbooks/index.js';
import {type Topology, topologyOf} from '../../renderers/graph/index.js';
import {assumedOpenings} from './assumed-openings.js';
import {placeholderContext} from './placeholder-context.js';

/** Who connects to whom, and a sentence for each part of the playbook that could not be asked. */
export interface LoadedTopology {
  readonly topology: Topology;
  readonly missing: readonly string[];
}

/**
 * The topology that an inventory and a playbook describe, in the directory `root`. No host is asked, no secret is
 * opened or made. Throws `InputError`, and what the playbook's own code throws.
 */
export async function loadTopology(root: string, inventoryFile: string, playbookFile: string): Promise<LoadedTopology> {
  const inventory = loadInventory(inventoryFile);
  const playbook = await loadPlaybook(playbookFile);
  const plays = await playbook.plays(placeholderContext(inventory));
  checkPlays(plays, inventory, {allowEmpty: true});
  const {listeners, missing} = assumedOpenings(plays, inventory);
  const title = `${playbook.name} on ${path.relative(root, inventory.file) || inventory.file}`;
  return {topology: topologyOf(title, listeners), missing};
}
