import {
  type Diagnostic,
  type Host,
  InputError,
  type Inventory,
  type Play,
  type Rollout,
  rolloutOf,
  selectHosts,
  variableFaults,
} from '../../model/index.js';
import {eachOnce} from './openings.js';

/** The plays that a host takes part in. Throws `InputError` for a pattern with an unknown name. */
export function playsOf(host: Host, plays: readonly Play[], inventory: Inventory): readonly Play[] {
  return plays.filter(({hosts, at}) => selectHosts(inventory, hosts, at).includes(host));
}

/** The hosts of any play, in the inventory's order. Throws `InputError`. */
export function hostsOf(plays: readonly Play[], inventory: Inventory): readonly Host[] {
  const chosen = new Set(plays.flatMap(({hosts, at}) => selectHosts(inventory, hosts, at)));
  return inventory.hosts.filter((host) => chosen.has(host));
}

/** The plays of a playbook, and the hosts of a run. */
export interface RunScope {
  readonly plays: readonly Play[];
  readonly inventory: Inventory;
  readonly hosts: readonly Host[];
}

/** The rollouts of the plays that have `serial` or `maxFailures`. */
export function rolloutsOf(scope: RunScope): readonly Rollout[] {
  return scope.plays.flatMap((play) => rolloutOf(play.name, play, membersOf(play, scope).length) ?? []);
}

/** Names of the plays of which this host is the first in this run: it does their `runOnce` tasks. */
export function playsLedBy(host: Host, scope: RunScope): readonly string[] {
  return scope.plays.filter((play) => membersOf(play, scope)[0] === host).map(({name}) => name);
}

/** The hosts of a play in this run, in the order of the inventory. */
export function membersOf({hosts, at}: Play, scope: RunScope): readonly Host[] {
  const chosen = new Set(selectHosts(scope.inventory, hosts, at));
  return scope.hosts.filter((host) => chosen.has(host));
}

/**
 * A play may only need plays written before it, so no two can wait for each other; and a play that no host of the
 * inventory takes part in is a mistake, unless `allowEmpty`. Hosts have the variables that plays need. Throws
 * `InputError`.
 */
export function checkPlays(plays: readonly Play[], inventory: Inventory, {allowEmpty = false} = {}): void {
  const faults = [...faultsInNeeds(plays), ...(allowEmpty ? [] : emptyPlays(plays, inventory))];
  if (faults.length > 0) throw new InputError(faults);
  const wrong = plays.flatMap((each) => variableFaults(each, selectHosts(inventory, each.hosts, each.at), inventory));
  // Several plays may have the same schema: the first of them is named.
  const faultOf = ({at, message}: Diagnostic) => [at, message.replace(/^play "[^"]*"/, '')];
  if (wrong.length > 0) throw new InputError(eachOnce(wrong, faultOf));
}

function emptyPlays(plays: readonly Play[], inventory: Inventory): readonly Diagnostic[] {
  return plays.flatMap(({name, hosts, at}) => {
    try {
      if (selectHosts(inventory, hosts, at).length > 0) return [];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return error.diagnostics.map((each) => ({...each, message: `play "${name}": ${each.message}`}));
    }
    const hint = `Check ${inventory.file}, or add --allow-empty when no host is meant.`;
    return [{message: `play "${name}": no host matches "${hosts}"`, at, hint}];
  });
}

function faultsInNeeds(plays: readonly Play[]) {
  return plays.flatMap(({name, needs, at}, index) => {
    const earlier = plays.slice(0, index).map((play) => play.name);
    const missing = needs.filter((need) => !earlier.includes(need));
    const twice = earlier.includes(name) ? [{message: `two plays are named "${name}"`, at}] : [];
    const hint = `The earlier plays are: ${earlier.join(', ') || 'none'}.`;
    return [
      ...missing.map((need) => ({message: `play "${name}" needs "${need}", which is not an earlier play`, at, hint})),
      ...twice,
    ];
  });
}
