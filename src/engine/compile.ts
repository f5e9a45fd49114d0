import {
  type Environment,
  type Host,
  InputError,
  type Item,
  type Items,
  type Play,
  type Question,
  type RoleContext,
  SpecError,
  selectHosts,
  type Task,
} from '../model/index.js';

/** A task with its question to one host. */
export interface OpenTask {
  readonly task: Task;
  readonly question: Question;
}

/** A play as one host gets it. */
export interface CompiledPlay {
  readonly name: string;
  readonly needs: readonly string[];
  readonly tasks: readonly OpenTask[];
}

/** The plays that a host takes part in, in the order written. Throws `InputError` for what a role or template refuses. */
export function compileHost(plays: readonly Play[], context: RoleContext, environment: Environment): CompiledPlay[] {
  return playsOf(context.host, plays, context.inventory).map(({name, needs, items, at}) => {
    const tasks = flatten(items, context, at).map((task) => ({
      task,
      question: naming(() => task.open(environment), task.at),
    }));
    return {name, needs, tasks};
  });
}

/** The plays that speak of a host. Throws `InputError` for a pattern with an unknown name. */
export function playsOf(host: Host, plays: readonly Play[], inventory: RoleContext['inventory']): readonly Play[] {
  return plays.filter(({hosts, at}) => selectHosts(inventory, hosts, at).includes(host));
}

/** The hosts of the inventory that any play speaks of, in the inventory's order. Throws `InputError`. */
export function hostsOf(plays: readonly Play[], inventory: RoleContext['inventory']): readonly Host[] {
  const chosen = new Set(plays.flatMap(({hosts, at}) => selectHosts(inventory, hosts, at)));
  return inventory.hosts.filter((host) => chosen.has(host));
}

/** A play may only need plays written before it, so no two can wait for each other. Throws `InputError`. */
export function checkNeeds(plays: readonly Play[]): void {
  const faults = plays.flatMap(({name, needs, at}, index) => {
    const earlier = plays.slice(0, index).map((play) => play.name);
    const missing = needs.filter((need) => !earlier.includes(need));
    const twice = earlier.includes(name) ? [{message: `two plays are named "${name}"`, at}] : [];
    const hint = `Plays before it: ${earlier.join(', ') || 'none'}.`;
    return [
      ...missing.map((need) => ({message: `play "${name}" needs "${need}", which is no play before it`, at, hint})),
      ...twice,
    ];
  });
  if (faults.length > 0) throw new InputError(faults);
}

/** Tasks that a role of ours makes have no line of the user's: they get the line where the role is asked for. */
function flatten(items: Items, context: RoleContext, at: Task['at']): Task[] {
  return items.flatMap((item) => flattenItem(item, context, at));
}

function flattenItem(item: Item, context: RoleContext, at: Task['at']): Task[] {
  if (Array.isArray(item)) return flatten(item, context, at);
  // Array.isArray does not narrow readonly arrays away.
  const single = item as Exclude<Item, readonly Item[]>;
  if (typeof single === 'function')
    return flatten(
      naming(() => single(context), at),
      context,
      at,
    );
  if ('open' in single) return [single.at ? single : {...single, at}];
  const origin = single.at ?? at;
  return flatten(
    naming(() => single.compile(context), origin),
    context,
    origin,
  );
}

/** What is wrong without a place of its own is reported at the line that asks for the task or role. */
function naming<T>(compile: () => T, at: Task['at']): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof SpecError) throw new InputError([{message: error.message, at}]);
    if (error instanceof InputError)
      throw new InputError(error.diagnostics.map((each) => ({...each, at: each.at ?? at})));
    throw error;
  }
}
