import type {Failure} from './failure.js';
import type {Host} from './host.js';
import type {Handler, Seen, Task, Verdict} from './task.js';

/** A task of a host with what its present state means. */
export interface PlannedTask {
  readonly play: string;
  readonly task: Task;
  readonly verdict: Verdict;
  /** What its probe said before anything was foreseen of other tasks. */
  readonly seen?: Seen | undefined;
}

/** A handler that will run: notified by a planned change, maybe notified, or left over from a run that was cut off. */
export interface PlannedHandler {
  readonly play: string;
  readonly handler: Handler;
  readonly because: 'change' | 'known-after-apply' | 'pending';
}

/** Everything that would happen on one host, in order. With a failure, nothing would: it could not be planned. */
export interface HostPlan {
  readonly host: Host;
  readonly tasks: readonly PlannedTask[];
  readonly handlers: readonly PlannedHandler[];
  readonly failure?: Failure | undefined;
}

export interface Plan {
  readonly playbook: string;
  readonly hosts: readonly HostPlan[];
}

/** Whether applying a host's plan could do anything. */
export function hasChanges({tasks, handlers}: HostPlan): boolean {
  return handlers.length > 0 || tasks.some(({verdict}) => verdict.type !== 'unchanged');
}
