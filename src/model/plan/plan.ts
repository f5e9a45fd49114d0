import type {Failure} from '../failure.js';
import type {Host} from '../inventory/inventory.js';
import type {Note} from '../playbook/note.js';
import type {Rollout} from '../playbook/rollout.js';
import type {Judged, Seen, Task} from '../playbook/task.js';
import type {Handler} from '../playbook/task-options.js';
import type {Position} from '../position.js';
import type {Diff} from './diff.js';
import type {Action} from './state.js';

/*
 * A plan as plain data: it survives JSON, holds no secret, and is what every renderer draws and every file stores.
 * Texts are masked; what is not set is left out. The engine's own view of a host, with live tasks, is `JudgedHost`.
 */

/** What would happen on all hosts of a run. */
export interface Plan {
  readonly playbook: string;
  /** In the inventory's order. */
  readonly hosts: readonly HostPlan[];
}

/**
 * Everything that would happen on one host, in order. With a failure, nothing would: the host could not be planned, or
 * some of its tasks could not. Those have the verdict `failed`; the others show what is known of them.
 */
export interface HostPlan {
  readonly host: Pick<Host, 'name' | 'address'>;
  readonly tasks: readonly PlannedTask[];
  readonly handlers: readonly PlannedHandler[];
  /** Tasks that were not even read. */
  readonly skipped?: readonly SkippedTask[] | undefined;
  /** How its plays go over their hosts, for plays that say so. */
  readonly rollouts?: readonly Rollout[] | undefined;
  /** Which plays each of its plays waits for, on all hosts; of plays that wait for any. */
  readonly order?: readonly PlayOrder[] | undefined;
  /** Notes on the host of handlers that no task notifies: they are shown until they are dropped. */
  readonly leftOver?: readonly LeftOver[] | undefined;
  /** What roles have to say: warnings always, explanations only where the host has changes. */
  readonly notes?: readonly Note[] | undefined;
  readonly failure?: Failure | undefined;
}

/** What names a task: `type id`, and its label where the playbook gives one. */
interface TaskNames {
  readonly play: string;
  readonly type: string;
  readonly id: string;
  readonly label?: string | undefined;
}

/** A task of a host, and what would happen to it. */
export interface PlannedTask extends TaskNames {
  /** The host on which it is done, when that is another one. */
  readonly delegateTo?: string | undefined;
  readonly ignoreErrors?: boolean | undefined;
  /** It changes something at every apply. */
  readonly always?: boolean | undefined;
  /** Names of the handlers that run when it changes something. */
  readonly notify?: readonly string[] | undefined;
  /** Where the playbook asks for it. */
  readonly at?: Position | undefined;
  readonly verdict: PlannedVerdict;
}

/** What the present state of a thing means for a task. */
export type PlannedVerdict =
  | {readonly type: 'unchanged'}
  | {
      readonly type: 'change';
      readonly action: Action;
      /** Short values first, then contents. */
      readonly diff: readonly Diff[];
      /** Shell text. Empty also where the commands are made only when the turn of the change comes. */
      readonly commands: readonly string[];
    }
  /** Known after apply. */
  | {readonly type: 'unknown'; readonly because: string}
  | {readonly type: 'failed'; readonly failure: Failure};

/** A verdict in a word: the action of a change, else its type. */
export type PlannedAction = Action | Exclude<PlannedVerdict['type'], 'change'>;

export function actionOf(verdict: PlannedVerdict): PlannedAction {
  return verdict.type === 'change' ? verdict.action : verdict.type;
}

/** A handler that will run: notified by a planned change, maybe notified, or left over from a run that was cut off. */
export interface PlannedHandler {
  readonly play: string;
  readonly id: string;
  /** Shell text. */
  readonly command: string;
  /** In its place after it failed and the old files are back. */
  readonly recover?: string | undefined;
  readonly because: 'change' | 'known-after-apply' | 'pending';
}

/** A task that a run leaves out, and why: its `when`, the tags asked for, `--start-at-task`, or its `runOnce`. */
export interface SkippedTask extends TaskNames {
  readonly because: 'when' | 'tags' | 'start-at-task' | 'run-once';
}

/** A handler that is due, and that no task of the playbook notifies any longer. */
export interface LeftOver {
  readonly id: string;
  /** What it ran when it was noted, secrets masked. */
  readonly command: string;
}

/** The plays that a play waits for. */
export interface PlayOrder {
  readonly play: string;
  /** Names of plays. */
  readonly needs: readonly string[];
}

/** What can be asked of a host's plan, also before it is data. */
interface Verdicts {
  readonly tasks: readonly {readonly verdict: {readonly type: PlannedVerdict['type']; readonly failure?: Failure}}[];
  readonly handlers: readonly unknown[];
  readonly failure?: Failure | undefined;
}

/** Why tasks of a host could not be read or judged, in their order. Empty also when the host failed as a whole. */
export function failedTasks({tasks}: Pick<Verdicts, 'tasks'>): readonly Failure[] {
  return tasks.flatMap(({verdict}) => verdict.failure ?? []);
}

/** Whether applying a host's plan could do anything. */
export function hasChanges({tasks, handlers, failure}: Verdicts): boolean {
  if (failure !== undefined) return false;
  return handlers.length > 0 || tasks.some(({verdict}) => verdict.type !== 'unchanged');
}

/**
 * The result of planning a host, for what applies or records it: live tasks, commands and contents, with secrets. For
 * people and files a {@link HostPlan} is made from it.
 */
export interface JudgedHost extends Pick<HostPlan, 'rollouts' | 'order' | 'leftOver' | 'notes' | 'failure'> {
  readonly host: Host;
  readonly tasks: readonly JudgedTask[];
  readonly handlers: readonly DueHandler[];
  /** Tasks that were not even read. */
  readonly skipped?: readonly LeftOutTask[];
}

/** A task of a host with what its present state means. */
export interface JudgedTask {
  readonly play: string;
  readonly task: Task;
  readonly verdict: Judged;
  /** What its probe said, before the effects of other tasks were considered. */
  readonly seen?: Seen | undefined;
}

/** A handler that will run, and why. */
export interface DueHandler extends Pick<PlannedHandler, 'play' | 'because'> {
  readonly handler: Handler;
}

/** A task that a run leaves out, and why. */
export interface LeftOutTask extends Pick<SkippedTask, 'play' | 'because'> {
  readonly task: Task;
}
