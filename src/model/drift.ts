import type {Diff} from './diff.js';

/** A task or handler of a saved plan that is not any more as it was when the plan was made. */
export interface Drift {
  /** `type id`. */
  readonly task: string;
  readonly play?: string;
  /** What cannot be told as a change of attributes. */
  readonly note?: string;
  /** What differs, from the planned state to the present one. */
  readonly changes?: readonly Diff[];
}
