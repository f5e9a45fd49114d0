import {didYouMean, InputError, matchesGlob, type SkippedTask, type Task, taskName} from '../../model/index.js';
import type {TaskList} from './compile.js';

/** Which tasks of the plays a run does. */
export interface Selection {
  /** Only tasks with one of these tags. Also the words `all`, `tagged` and `untagged`, as in Ansible. */
  readonly tags?: readonly string[];
  /** Not those with one of these, even if asked for. */
  readonly skipTags?: readonly string[];
  /** Nothing before the first task of this name: its label, `type id` or id, or a glob of these. */
  readonly startAt?: string;
}

/**
 * The tasks of a run on one host, and those that it leaves out. `startPlay`: the play in which `startAt` was found on
 * any host, before which all plays are left out; `leads`: plays of which it is the first host, which do their `runOnce`
 * tasks here; `order`: names of all plays, as written.
 */
export function selectTasks(
  lists: readonly TaskList[],
  selection: Selection,
  {startPlay, leads}: {startPlay: string | undefined; leads: readonly string[]},
  order: readonly string[],
): TaskList[] {
  const start = startPlay === undefined ? -1 : order.indexOf(startPlay);
  return lists.map((list) => {
    const first = firstTask(list, selection, order.indexOf(list.name) - start);
    const judged = list.tasks.map((task, index) => {
      const because = index < first ? 'start-at-task' : reasonToSkip(task, selection, leads.includes(list.name));
      return {task, because};
    });
    const tasks = judged.flatMap(({task, because}) => (because === undefined ? [task] : []));
    const skipped = judged.flatMap(({task, because}) => (because ? [{play: list.name, task, because}] : []));
    return {...list, tasks, skipped};
  });
}

/** Index of the first task to run of a play. `later`: how many plays it comes after the one to start in. */
function firstTask({tasks}: TaskList, {startAt}: Selection, later: number): number {
  if (startAt === undefined || later > 0) return 0;
  const index = later < 0 ? -1 : tasks.findIndex((task) => isNamed(task, startAt));
  return index < 0 ? tasks.length : index;
}

function reasonToSkip(task: Task, selection: Selection, leads: boolean): SkippedTask['because'] | undefined {
  if (!isAskedFor(task.tags ?? [], selection)) return 'tags';
  if (task.when === false) return 'when';
  return task.runOnce && !leads ? 'run-once' : undefined;
}

/** Ansible's rules: `always` needs no asking, `never` needs one of its own tags named. */
export function isAskedFor(tags: readonly string[], {tags: only, skipTags: not = []}: Selection): boolean {
  const own = tags.length > 0 ? tags : ['untagged'];
  const plain = !own.includes('never');
  const has = (wanted: readonly string[]) => own.some((tag) => wanted.includes(tag));
  const named = has(only ?? []) || (tags.length > 0 && plain && only?.includes('tagged') === true);
  const asked = named || own.includes('always') || (plain && (only === undefined || only.includes('all')));
  if (!asked || has(not) || (tags.length > 0 && not.includes('tagged'))) return false;
  return !not.includes('all') || own.includes('always');
}

/** The first play of the playbook that has the task to start at on any host. Throws `InputError` when none has. */
export function findStart(
  startAt: string | undefined,
  hosts: readonly (readonly TaskList[])[],
  order: readonly string[],
): string | undefined {
  if (startAt === undefined) return undefined;
  const all = hosts.flat();
  const found = order.find((play) =>
    all.some(({name, tasks}) => name === play && tasks.some((task) => isNamed(task, startAt))),
  );
  if (found !== undefined) return found;
  const names = all.flatMap(({tasks}) => tasks.flatMap(({label, ...task}) => [label ?? [], taskName(task)].flat()));
  const hint = didYouMean(startAt, [...new Set(names)]) ?? 'A task is named by its label, or by its type and id.';
  throw new InputError([{message: `no task to start at is named "${startAt}"`, hint}]);
}

function isNamed(task: Task, name: string): boolean {
  return [task.label, taskName(task), task.id].some((each) => each !== undefined && matchesGlob(name, each));
}

/** A tag that no task has is a mistake, not an empty run. Throws `InputError`. */
export function checkTags({tags = [], skipTags = []}: Selection, tasks: readonly Task[]): void {
  const known = [...new Set(tasks.flatMap((task) => task.tags ?? []))];
  const unknown = [...tags, ...skipTags].filter((tag) => !known.includes(tag) && !SPECIAL.includes(tag));
  if (unknown.length === 0) return;
  const all = known.length > 0 ? `The tags are: ${known.join(', ')}.` : 'No task of these hosts has tags.';
  throw new InputError(
    unknown.map((tag) => ({message: `no task is tagged "${tag}"`, hint: didYouMean(tag, known) ?? all})),
  );
}

const SPECIAL = ['all', 'tagged', 'untagged', 'always', 'never'];
