import {
  didYouMean,
  type Environment,
  HostError,
  InputError,
  type Item,
  type Items,
  itemsOf,
  kindOf,
  type LeftOutTask,
  type Note,
  type Play,
  type Question,
  type Role,
  type RoleContext,
  SpecError,
  type Task,
  withVariables,
} from '../../model/index.js';
import {checkAudiences, openingsOf} from './openings.js';
import {playsOf} from './plays.js';

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
  /** What its roles have to say. */
  readonly notes?: readonly Note[];
}

/** The tasks of a play for one host, before templates and local files are read. */
export interface TaskList extends Pick<CompiledPlay, 'name' | 'needs' | 'skipped' | 'notes'> {
  readonly tasks: readonly Task[];
}

/** The plays of a host, in the order written, as tasks. Throws `InputError` for what a role refuses. */
export function compileHost(plays: readonly Play[], known: Omit<RoleContext, 'openings'>): TaskList[] {
  const own = playsOf(known.host, plays, known.inventory);
  const context: RoleContext = {...known, openings: () => openingsOf(own, known)};
  return own.map((play) => {
    const {name, needs, items, at, tags} = play;
    const seen = {...context, host: withVariables(known.host, play)};
    const notes: Note[] = [];
    return {name, needs, tasks: flatten(items, seen, {at, tags: [tags ?? []].flat(), notes}), notes};
  });
}

/**
 * Reads the templates and local files of the tasks. Throws `InputError` for what a template refuses and for unknown
 * hosts.
 */
export function openTasks(
  lists: readonly TaskList[],
  inventory: RoleContext['inventory'],
  environment: Environment,
): CompiledPlay[] {
  const open = (task: Task): OpenTask => {
    checkDelegate(task, inventory);
    return {task, question: atLine(() => task.open(environment), task.at)};
  };
  return lists.map((list) => ({...list, tasks: list.tasks.map(open)}));
}

/** Throws `InputError` for a task that another host is to do which the inventory does not have. */
export function checkDelegate({delegateTo, at}: Task, {hosts}: RoleContext['inventory']): void {
  const names = hosts.map(({name}) => name);
  if (delegateTo === undefined || names.includes(delegateTo)) return;
  const hint = didYouMean(delegateTo, names) ?? 'Name a host of the inventory in delegateTo.';
  throw new InputError([{message: `no host is named "${delegateTo}"`, at, hint, isUnknownName: true}]);
}

/** What an item gets from its place: a line of the playbook, which tasks of our own roles do not have, and tags. */
interface Scope {
  readonly at: Task['at'];
  readonly isInRole?: boolean;
  readonly tags: readonly string[];
  /** Where notes are put. */
  readonly notes: Note[];
}

function flatten(items: Items, context: RoleContext, scope: Scope): Task[] {
  return items.flatMap((item) => flattenItem(item, context, scope));
}

function flattenItem(item: Item, context: RoleContext, scope: Scope): Task[] {
  if (Array.isArray(item)) return flatten(item, context, scope);
  // Array.isArray does not narrow readonly arrays away.
  const single = item as Exclude<Item, readonly Item[]>;
  if ('listens' in single) {
    checkAudiences(single, context.inventory, scope.isInRole ? scope.at : (single.at ?? scope.at));
    return [];
  }
  if ('note' in single) {
    scope.notes.push(single);
    return [];
  }
  if ('declares' in single) return [];
  if (typeof single === 'function') {
    const items = atLine(() => single(context), scope.at);
    return flatten(itemsOf(items, {what: 'a function of the host', at: scope.at}), context, scope);
  }
  if ('open' in single) return [{...single, ...inner(scope, single)}];
  const within = {...inner(scope, single), isInRole: true};
  const items = atLine(() => single.compile(context), within.at);
  return flatten(items, context, within);
}

function inner({at, tags, notes}: Scope, {at: own, tags: more = []}: Task | Role): Scope {
  return {notes, at: own ?? at, tags: [...new Set([...tags, ...more])]};
}

/** Reports faults that have no place of their own at the line that asks for the task or role. */
function atLine<T>(compile: () => T, at: Task['at']): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof SpecError) throw new InputError([{message: error.message, at, hint: error.hint}]);
    if (error instanceof InputError)
      throw new InputError(error.diagnostics.map((each) => ({...each, at: each.at ?? at})));
    if (error instanceof Error) throw error;
    const message = `code of the playbook threw ${kindOf(error)}, which is not an Error`;
    throw new HostError({
      reason: 'code-failed',
      message,
      hint: 'Throw an Error there; its message is shown.',
      ...(at && {at}),
    });
  }
}
