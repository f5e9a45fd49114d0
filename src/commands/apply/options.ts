import type {PlanningOptions} from '../../session/planning-options.js';

/** The options of `apply`, with those that it has in common with `plan`. */
export interface ApplyOptions extends PlanningOptions {
  /** Ask before each change. */
  readonly step?: boolean;
  readonly yes?: boolean;
  /** `json`: one event a line on standard output, instead of text. */
  readonly format?: 'text' | 'json';
  /** Seconds. */
  readonly lockTimeout?: number;
  readonly backup?: boolean;
  /** The run to continue; true for the last one. */
  readonly resume?: string | true;
  /** The name of the run that this one continues. */
  readonly resumes?: string;
  /** Pending handlers that no task notifies any longer. */
  readonly forget?: readonly string[];
}
