import {type Diagnostic, type Host, InputError, type Play, type RoleContext} from '../../model/index.js';
import {checkDelegate, compileHost} from './compile.js';
import {eachOnce} from './openings.js';
import {membersOf, type RunScope} from './plays.js';

/**
 * The groups and hosts that the tasks and roles of plays name and that the inventory does not have, each once. Each play
 * is compiled for one host, its first of the run. What else its roles find wrong is left to the run, as what is `known`
 * of the host may be assumed.
 */
export function unknownNames(
  scope: RunScope,
  known: (host: Host) => Omit<RoleContext, 'openings'>,
): readonly Diagnostic[] {
  const found = scope.plays.flatMap((play) => {
    const [host] = membersOf(play, scope);
    if (host === undefined) return [];
    const context = known(host);
    // Item by item, so that one that throws does not hide the others.
    return play.items.flatMap((item) => unknownIn({...play, items: [item]}, context));
  });
  return eachOnce(found, ({message, at}) => [message, at]);
}

function unknownIn(play: Play, context: Omit<RoleContext, 'openings'>): readonly Diagnostic[] {
  try {
    const tasks = compileHost([play], context).flatMap((list) => list.tasks);
    for (const task of tasks.filter(({when}) => when !== false)) checkDelegate(task, context.inventory);
    return [];
  } catch (error) {
    return error instanceof InputError ? error.diagnostics.filter(({isUnknownName}) => isUnknownName) : [];
  }
}
