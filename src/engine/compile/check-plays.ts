import {type Diagnostic, InputError, type Inventory, type Play, selectHosts} from '../../model/index.js';

/**
 * A play may only need plays written before it, so no two can wait for each other; and a play that no host of the
 * inventory takes part in is a mistake, unless told otherwise. Throws `InputError`.
 */
export function checkPlays(plays: readonly Play[], inventory: Inventory, {allowEmpty = false} = {}): void {
  const faults = [...faultsInNeeds(plays), ...(allowEmpty ? [] : emptyPlays(plays, inventory))];
  if (faults.length > 0) throw new InputError(faults);
}

function emptyPlays(plays: readonly Play[], inventory: Inventory): readonly Diagnostic[] {
  return plays.flatMap(({name, hosts, at}) => {
    try {
      if (selectHosts(inventory, hosts, at).length > 0) return [];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return error.diagnostics.map((each) => ({...each, message: `play "${name}": ${each.message}`}));
    }
    const hint = `Look at ${inventory.file}. If that is meant to be, say so: --allow-empty`;
    return [{message: `play "${name}": no host matches "${hosts}"`, at, hint}];
  });
}

function faultsInNeeds(plays: readonly Play[]) {
  return plays.flatMap(({name, needs, at}, index) => {
    const earlier = plays.slice(0, index).map((play) => play.name);
    const missing = needs.filter((need) => !earlier.includes(need));
    const twice = earlier.includes(name) ? [{message: `two plays are named "${name}"`, at}] : [];
    const hint = `Plays before it: ${earlier.join(', ') || 'none'}.`;
    return [
      ...missing.map((need) => ({message: `play "${name}" needs "${need}", which is no play before it`, at, hint})),
      ...twice,
    ];
  });
}
