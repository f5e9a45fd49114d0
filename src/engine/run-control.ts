import type {Action} from '../model/index.js';
import type {Transport} from '../transport/index.js';

/** What a run is told beside its plan. */
export interface RunControl {
  /** The run's name, unique in the project: for the lock, the record and what is kept on the hosts. */
  readonly id: string;
  /** Who runs it and where: `alice@laptop`. */
  readonly owner: string;
  /** Seconds to wait for hosts that another run has; 0: refuse at once. */
  readonly lockTimeout: number;
  /** Keep the old version of every file that is changed, on its host. */
  readonly keepBackups: boolean;
  /** Aborted when the run is to stop: every host ends the task it is at, and begins no other. */
  readonly stop: AbortSignal;
  /** For the new connections that confirm changes which may lock out. */
  readonly transport: Transport;
  /** The id of the saved plan that is applied: it is noted on each host, so that it is applied there once. */
  readonly plan?: string | undefined;
  /** Asked before each change when it is there; false: the change is left out. */
  readonly confirm?: ((change: ChangeToConfirm) => Promise<boolean>) | undefined;
}

/** A change that somebody is asked about. */
export interface ChangeToConfirm {
  readonly host: string;
  readonly play: string;
  /** `type id`. */
  readonly task: string;
  readonly action: Action;
}

/** A host stopped before its next task, because the user said so. Not a failure. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
