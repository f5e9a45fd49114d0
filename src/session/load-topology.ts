import path from 'node:path';
import {eachOnce, openingsOf} from '../engine/compile/openings.js';
import {checkPlays, hostsOf, playsOf} from '../engine/index.js';
import {loadInventory} from '../inventory/index.js';
import {
  type Diagnostic,
  type Host,
  InputError,
  type Inventory,
  type Opening,
  type Play,
  type PlaybookContext,
} from '../model/index.js';
import {loadPlaybook} from '../playbooks/index.js';
import {type Topology, topologyOf} from '../renderers/graph/index.js';
import {Secret} from '../shell/index.js';
import {assumedContext} from './assumed-context.js';

/** Which hosts connect to which, and a sentence for each part of the playbook that could not be evaluated. */
export interface LoadedTopology {
  readonly topology: Topology;
  readonly missing: readonly string[];
}

/**
 * The topology that an inventory and a playbook describe, in the directory `root`. It connects to no host and neither
 * opens nor makes a secret. Rejects with `InputError`, and with what the playbook's own code throws.
 */
export async function loadTopology(root: string, inventoryFile: string, playbookFile: string): Promise<LoadedTopology> {
  const inventory = loadInventory(inventoryFile);
  const playbook = await loadPlaybook(playbookFile);
  const plays = await playbook.plays(placeholderContext(inventory));
  checkPlays(plays, inventory, {allowEmpty: true});
  const {listeners, missing} = assumedOpenings(plays, inventory);
  const title = `${playbook.name} on ${path.relative(root, inventory.file) || inventory.file}`;
  const covered = new Set(listeners.map(({host}) => host));
  const others = inventory.hosts.filter((host) => !covered.has(host));
  return {topology: topologyOf(title, listeners, others), missing};
}

/** Hosts with their listeners, and a sentence for each part of the playbook that could not be evaluated. */
interface AssumedOpenings {
  readonly listeners: readonly {readonly host: Host; readonly openings: readonly Opening[]}[];
  readonly missing: readonly string[];
}

/**
 * The listeners of roles on the hosts of plays, without connecting: with assumed facts. A role that throws because it
 * needs real ones is left out. Throws `InputError` for groups and hosts that the inventory does not have.
 */
export function assumedOpenings(plays: readonly Play[], inventory: Inventory): AssumedOpenings {
  const missing: string[] = [];
  const unknown: Diagnostic[] = [];
  const listeners = hostsOf(plays, inventory).map((host) => {
    const own = playsOf(host, plays, inventory);
    // Item by item, so that one that throws does not affect the others.
    const asked = own.flatMap((play) => play.items.map((item) => ({...play, items: [item]})));
    const openings = asked.flatMap((play) => {
      try {
        return openingsOf([play], assumedContext(host, inventory));
      } catch (error) {
        const faults = error instanceof InputError ? error.diagnostics : [];
        if (faults.some(({isUnknownName}) => isUnknownName)) unknown.push(...faults);
        else missing.push(`part of play "${play.name}" on ${host.name}: ${messageOf(error)}`);
        return [];
      }
    });
    return {host, openings: eachOnce(openings)};
  });
  if (unknown.length > 0) throw new InputError(eachOnce(unknown));
  return {listeners, missing};
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * The context for a playbook that is only read: each secret is the same placeholder, so is the one recipient, and the
 * authority has a placeholder for its certificate and issues none. So nothing is opened, generated or written.
 */
export function placeholderContext(inventory: Inventory): PlaybookContext {
  const secret = new Secret('a-placeholder-and-not-a-secret-x', true);
  return {
    inventory,
    secret: () => secret,
    authority: async () => ({
      certificate: PLACEHOLDER,
      issue: async () => {
        throw new Error('the placeholder of the authority cannot issue certificates');
      },
    }),
    recipients: async () => [`age1${'q'.repeat(58)}`],
  };
}

const PLACEHOLDER = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
