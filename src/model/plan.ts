import type {Failure} from './failure.js';
import type {Handler} from './handler.js';
import type {Host} from './host.js';
import type {Rollout} from './rollout.js';
import type {Judged, Seen, Task} from './task.js';

/** A task of a host with what its present state means. */
export interface PlannedTask {
  readonly play: string;
  readonly task: Task;
  readonly verdict: Judged;
  /** What its probe said before anything was foreseen of other tasks. */
  readonly seen?: Seen | undefined;
}

/** A handler that will run: notified by a planned change, maybe notified, or left over from a run that was cut off. */
export interface PlannedHandler {
  readonly play: string;
  readonly handler: Handler;
  readonly because: 'change' | 'known-after-apply' | 'pending';
}

/** A handler that is due, and that no task of the playbook notifies any more. */
export interface LeftOver {
  readonly id: string;
  /** What it ran when it was noted, secrets masked. */
  readonly command: string;
}

/** A task that a run leaves out, and why: its `when`, the tags asked for, `--start-at-task`, or its `runOnce`. */
export interface SkippedTask {
  readonly play: string;
  readonly task: Task;
  readonly because: 'when' | 'tags' | 'start-at-task' | 'run-once';
}

/**
 * Everything that would happen on one host, in order. With a failure, nothing would: the host could not be planned, or
 * some of its tasks could not. Those have the verdict `failed`; the others show what is known of them.
 */
export interface HostPlan {
  readonly host: Host;
  readonly tasks: readonly PlannedTask[];
  readonly handlers: readonly PlannedHandler[];
  /** Tasks that were not even looked at. */
  readonly skipped?: readonly SkippedTask[];
  /** How its plays go over their hosts, for plays that say so. */
  readonly rollouts?: readonly Rollout[];
  /** Which plays each of its plays waits for, on all hosts; of plays that wait for any. */
  readonly order?: readonly PlayOrder[];
  /** Notes on the host that nothing will come of: they are shown until they are dropped. */
  readonly leftOver?: readonly LeftOver[];
  readonly failure?: Failure | undefined;
}

export interface PlayOrder {
  readonly play: string;
  /** Names of plays. */
  readonly needs: readonly string[];
}

export interface Plan {
  readonly playbook: string;
  readonly hosts: readonly HostPlan[];
}

/** Why tasks of a host could not be read or judged, in their order. Empty also when the host failed as a whole. */
export function failedTasks({tasks}: Pick<HostPlan, 'tasks'>): readonly Failure[] {
  return tasks.flatMap(({verdict}) => (verdict.type === 'failed' ? [verdict.failure] : []));
}

/** Whether applying a host's plan could do anything. */
export function hasChanges({tasks, handlers, failure}: HostPlan): boolean {
  if (failure !== undefined) return false;
  return handlers.length > 0 || tasks.some(({verdict}) => verdict.type !== 'unchanged');
}
