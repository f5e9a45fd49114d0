import type {Command, Reply} from '../../shell/index.js';
import type {Action, AttributeChange} from '../plan/state.js';
import type {OptionsSchema} from './options.js';
import type {Subject} from './subjects.js';
import type {Environment, Guard, Hint, MakeCommands, Restorable} from './task.js';

/** A parser's third answer besides a state and `null` (absent): it cannot be read yet, because … */
export class Unknown {
  readonly because: string;

  constructor(because: string) {
    this.because = because;
  }
}

/**
 * The pure verbs of a task type. `Spec` is what the user wrote (`Written`, where `options` makes another thing of it),
 * `Ready` what is left after templates and local files are read (the same where there is nothing to read), `S` the
 * attributes of the thing on the host.
 */
export interface TaskDefinition<Spec, S, Ready = Spec, Written = Spec> {
  /** Its name in plans. */
  readonly type: string;
  /**
   * What its own options may be, as a schema of zod. Default: they are not checked, those of every task are in any
   * case.
   */
  readonly options?: OptionsSchema<Written, Spec>;
  /** What it is about: a path, a name. With the type it names the task in a play. */
  id(spec: Spec): string;
  /** What is wrong with a spec that `options` do not find, in words and perhaps with the next step, or undefined. */
  refuse?(spec: Spec): Refused | undefined;
  /** Reads templates and local files. */
  prepare?(spec: Spec, environment: Environment): Ready;
  /** Shell text that reads the present state and changes nothing; it works on a bare host too. */
  probe(ready: Ready): Command;
  /** The state, `null` when the thing does not exist, or {@link Unknown}. Throws `UnreadableReply`. */
  parse(reply: Reply, ready: Ready): Partial<S> | null | Unknown;
  /** The desired state: only attributes the user set, `null` for a thing that must be absent. */
  desire(ready: Ready, present: Partial<S> | null): Partial<S> | null;
  /**
   * Commands towards `to`, which holds only the attributes that differ (all desired ones when absent, null to delete).
   * `reply` is the probe's answer, for what is not an attribute but decides the commands: which server, which version.
   * A function makes them only when the change is really made, as a certificate is issued then.
   */
  change(
    ready: Ready,
    to: Partial<S> | null,
    present: Partial<S> | null,
    reply: Reply,
  ): readonly (Command | false | undefined)[] | MakeCommands;
  /** For a change that may lock out the user: how the host undoes it without a connection. */
  guard?(ready: Ready, present: Partial<S> | null, reply: Reply): Guard;
  /** Attributes whose values are never shown. */
  readonly sensitive?: readonly string[];
  /** The one file that a change rewrites, and nothing else: it can be put back when a handler fails. */
  restores?(spec: Spec): Restorable;
  /**
   * What its change may alter: later tasks that depend on that are probed again. A path is a file and what lies below
   * it; anything else has a kind, such as `unit:nginx`; `*` is anything, `+` what has not been named. Default `['*']`.
   */
  affects?(spec: Spec): readonly Subject[];
  /** What the probe's answer depends on, where that can be named. Default: what it affects by name. */
  needs?(spec: Spec): readonly Subject[];
  /** Default: derived from presence before and after. A function gets the attributes that differ. */
  readonly action?: Action | ((diff: readonly AttributeChange[]) => Action);
  /** The next step that a failed change calls for, or what happened and the next step, by what its commands printed. */
  hint?(reply: Reply, spec: Spec): Hint | undefined;
  /** True: it changes something at every apply. Default: never. */
  always?(spec: Spec): boolean;
}

/** What is wrong with the options of a task, in words, and the next step where it is known. */
export type Refused = string | {readonly message: string; readonly hint: string};

/** What a task type does, without what checks its options. */
export type Verbs<Spec, S, Ready> = Omit<TaskDefinition<Spec, S, Ready>, 'options'>;
