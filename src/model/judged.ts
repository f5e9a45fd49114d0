import type {Handler} from './handler.js';
import type {Host} from './host.js';
import type {HostPlan, PlannedHandler, SkippedTask} from './plan.js';
import type {Judged, Seen, Task} from './task.js';

/*
 * What planning a host comes to, for whoever applies or records it: live tasks, commands and contents, secrets in them.
 * What leaves for people and files is the plan made from it (plan.ts).
 */

/** A host with its tasks and what their present state means. */
export interface JudgedHost extends Pick<HostPlan, 'rollouts' | 'order' | 'leftOver' | 'failure'> {
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
  /** What its probe said before anything was foreseen of other tasks. */
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
