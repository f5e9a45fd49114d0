import {
  didYouMean,
  type Environment,
  type Host,
  HostError,
  InputError,
  type Item,
  type Items,
  itemsOf,
  kindOf,
  type LeftOutTask,
  type Play,
  type Question,
  type Role,
  type RoleContext,
  SpecError,
  selectHosts,
  type Task,
} from '../../model/index.js';
import {checkAudiences, openingsOf} from './openings.js';

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
  /** Tasks of it that this run leaves out. */
  readonly skipped?: readonly LeftOutTask[];
}

/** The tasks of a play for one host, before templates and local files are read. */
export interface TaskList extends Pick<CompiledPlay, 'name' | 'needs' | 'skipped'> {
  readonly tasks: readonly Task[];
}

/** The plays that a host takes part in, in the order written. Throws `InputError` for what a role refuses. */
export function compileHost(plays: readonly Play[], known: Omit<RoleContext, 'openings'>): TaskList[] {
  const own = playsOf(known.host, plays, known.inventory);
  const context: RoleContext = {...known, openings: () => openingsOf(own, known)};
  return own.map(({name, needs, items, at, tags}) => {
    return {name, needs, tasks: flatten(items, context, {at, tags: [tags ?? []].flat()})};
  });
}

/** Reads what the tasks are made from. Throws `InputError` for what a template refuses and for unknown hosts. */
export function openTasks(
  lists: readonly TaskList[],
  inventory: RoleContext['inventory'],
  environment: Environment,
): CompiledPlay[] {
  const open = (task: Task): OpenTask => {
    checkDelegate(task, inventory);
    return {task, question: naming(() => task.open(environment), task.at)};
  };
  return lists.map((list) => ({...list, tasks: list.tasks.map(open)}));
}

function checkDelegate({delegateTo, at}: Task, {hosts}: RoleContext['inventory']): void {
  const names = hosts.map(({name}) => name);
  if (delegateTo === undefined || names.includes(delegateTo)) return;
  const hint = didYouMean(delegateTo, names) ?? 'delegateTo is the name of a host of the inventory';
  throw new InputError([{message: `no host is named "${delegateTo}"`, at, hint}]);
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

/** What an item has from where it stands: a line for tasks of roles of ours, which have none, and tags. */
interface Scope {
  readonly at: Task['at'];
  readonly tags: readonly string[];
}

function flatten(items: Items, context: RoleContext, scope: Scope): Task[] {
  return items.flatMap((item) => flattenItem(item, context, scope));
}

function flattenItem(item: Item, context: RoleContext, scope: Scope): Task[] {
  if (Array.isArray(item)) return flatten(item, context, scope);
  // Array.isArray does not narrow readonly arrays away.
  const single = item as Exclude<Item, readonly Item[]>;
  if ('listens' in single) {
    checkAudiences(single, context.inventory, scope.at);
    return [];
  }
  if (typeof single === 'function') {
    const items = naming(() => single(context), scope.at);
    return flatten(itemsOf(items, {what: 'a function of the host', at: scope.at}), context, scope);
  }
  if ('open' in single) return [{...single, ...inner(scope, single)}];
  const within = inner(scope, single);
  const items = naming(() => single.compile(context), within.at);
  return flatten(items, context, within);
}

function inner({at, tags}: Scope, {at: own, tags: more = []}: Task | Role): Scope {
  return {at: own ?? at, tags: [...new Set([...tags, ...more])]};
}

/** What is wrong without a place of its own is reported at the line that asks for the task or role. */
function naming<T>(compile: () => T, at: Task['at']): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof SpecError) throw new InputError([{message: error.message, at}]);
    if (error instanceof InputError)
      throw new InputError(error.diagnostics.map((each) => ({...each, at: each.at ?? at})));
    if (error instanceof Error) throw error;
    const message = `code of the playbook threw ${kindOf(error)}, which is not an Error`;
    throw new HostError({
      reason: 'code-failed',
      message,
      hint: 'Throw an Error there: its message is shown.',
      ...(at && {at}),
    });
  }
}
