import type {Command, Reply} from '../shell/index.js';
import {callSite} from './call-site.js';
import {type Action, type AttributeChange, diffStates, type State} from './diff.js';
import type {Guard} from './guard.js';
import type {OptionsSchema} from './options.js';
import {readTaskOptions} from './read-task-options.js';
import {SpecError} from './spec-error.js';
import {
  type Environment,
  type Hint,
  type MakeCommands,
  type Question,
  type Restorable,
  type Seen,
  type Task,
  UnreadableReply,
  type Verdict,
} from './task.js';
import {controlOf, type TaskOptions} from './task-options.js';

/** A parser's third answer beside a state and `null` (absent): it cannot be read yet, because … */
export class Unknown {
  readonly because: string;

  constructor(because: string) {
    this.because = because;
  }
}

type Present<S> = Partial<S> & Record<string, unknown>;

/**
 * The pure verbs of a task type. `Spec` is what the user wrote (`Written`, where `options` makes another thing of it),
 * `Ready` what is left after templates and local files are read (the same where there is nothing to read), `S` the
 * attributes of the thing on the host.
 */
export interface TaskDefinition<Spec, S, Ready = Spec, Written = Spec> {
  /** Its name in plans. */
  readonly type: string;
  /**
   * What its own options may be, as a schema of zod. Default: they are not checked, those of every task are in any case.
   */
  readonly options?: OptionsSchema<Written, Spec>;
  /** What it is about: a path, a name. With the type it names the task in a play. */
  id(spec: Spec): string;
  /** What is wrong with a spec beyond what `options` tell, in words, or undefined. */
  refuse?(spec: Spec): string | undefined;
  /** Reads templates and local files. */
  prepare?(spec: Spec, environment: Environment): Ready;
  /** Shell text that reads the present state and changes nothing; it works on a bare host too. */
  probe(ready: Ready): Command;
  /** The state, `null` when the thing does not exist, or {@link Unknown}. Throws `UnreadableReply`. */
  parse(reply: Reply, ready: Ready): Partial<S> | null | Unknown;
  /** The wished state: only attributes the user set, `null` to have it gone. */
  desire(ready: Ready, present: Partial<S> | null): Partial<S> | null;
  /**
   * Commands towards `to`, which holds only the attributes that differ (all wished ones when absent, null to delete).
   * `reply` is the probe's answer, for what is no attribute but decides the commands: which server, which version.
   * A function makes them only when the change is really made, as a certificate is issued then.
   */
  change(
    ready: Ready,
    to: Partial<S> | null,
    present: Partial<S> | null,
    reply: Reply,
  ): readonly (Command | false | undefined)[] | MakeCommands;
  /** For a change that may lock out whoever makes it: how the host undoes it by itself. */
  guard?(ready: Ready, present: Partial<S> | null, reply: Reply): Guard;
  /** Attributes whose values are never shown. */
  readonly sensitive?: readonly string[];
  /** What a change rewrites as a whole: several lines of one file are read anew between two of them. */
  subject?(spec: Spec): string;
  /** The one file that a change rewrites, and nothing else: it can be put back when a handler fails. */
  restores?(spec: Spec): Restorable;
  /** Its change may alter what other tasks read, which are then asked again. Default true. */
  readonly affectsOthers?: boolean;
  /** Its change brings things along that nobody named, as a package does. Default false. */
  readonly bringsAlong?: boolean;
  /** Default: derived from presence before and after. A function gets the attributes that differ. */
  readonly action?: Action | ((diff: readonly AttributeChange[]) => Action);
  /** The next step that a failed change calls for, or what happened and the next step, by what its commands printed. */
  hint?(reply: Reply, spec: Spec): Hint | undefined;
  /** True: it changes something at every apply. Default: never. */
  always?(spec: Spec): boolean;
}

/**
 * A constructor for tasks of one type. It records the line of the playbook that calls it, and throws `InputError` with
 * that line for options that are not known or of another type.
 *
 * @example
 * const timezone = defineTask({
 *   type: 'timezone',
 *   options: z.strictObject({zone: z.string()}),
 *   id: ({zone}) => zone,
 *   probe: () => sh`timedatectl show --property=Timezone --value`,
 *   parse: ({stdout}) => ({zone: stdout.trim()}),
 *   desire: ({zone}) => ({zone}),
 *   change: ({zone}) => [sh`timedatectl set-timezone ${zone}`],
 * });
 */
export function defineTask<Spec extends object, S extends object, Ready = Spec, Written extends object = Spec>(
  definition: TaskDefinition<Spec, S, Ready, Written>,
): (spec: Written & TaskOptions) => Task {
  return (written, ...more: readonly unknown[]) => {
    const at = callSite();
    const {spec, common} = readTaskOptions(definition.options, [written, ...more], {what: definition.type, at});
    const fault = definition.refuse?.(spec);
    if (fault !== undefined) throw new SpecError(`${definition.type}: ${fault}`);
    return {
      ...controlOf(common),
      type: definition.type,
      id: definition.id(spec),
      notify: [common.notify ?? []].flat(),
      subject: definition.subject?.(spec),
      restores: definition.restores?.(spec),
      affectsOthers: definition.affectsOthers ?? true,
      bringsAlong: definition.bringsAlong ?? false,
      always: definition.always?.(spec) ?? false,
      at,
      hint: (reply) => definition.hint?.(reply, spec),
      open: (environment) => question(definition, readyFor(definition, spec, environment)),
    };
  };
}

type Verbs<Spec, S, Ready> = Omit<TaskDefinition<Spec, S, Ready>, 'options'>;

function readyFor<Spec, S, Ready>(definition: Verbs<Spec, S, Ready>, spec: Spec, environment: Environment) {
  // Without `prepare`, Ready is Spec by the type's default.
  return definition.prepare ? definition.prepare(spec, environment) : (spec as unknown as Ready);
}

function question<Spec, S extends object, Ready>(definition: Verbs<Spec, S, Ready>, ready: Ready): Question {
  return {
    probe: definition.probe(ready),
    judge: (reply) => {
      if (reply.truncated) throw new UnreadableReply('the answer is too long');
      const present = definition.parse(reply, ready);
      return present instanceof Unknown
        ? {type: 'unknown', because: present.because, seen: UNREAD}
        : judge(definition, ready, present, reply);
    },
  };
}

function judge<Spec, S extends object, Ready>(
  definition: Verbs<Spec, S, Ready>,
  ready: Ready,
  present: Partial<S> | null,
  reply: Reply,
): Verdict {
  const desired = definition.desire(ready, present);
  const diff = diffStates(present as State, desired as State, definition.sensitive);
  const seen = seenOf(present as State, desired as State, definition.sensitive);
  if (diff.length === 0 && (present === null) === (desired === null)) {
    return desired === null ? {type: 'unchanged', vacuous: true, seen} : {type: 'unchanged', seen};
  }
  const planned = definition.change(ready, wanted<S>(desired, diff), present, reply);
  const guard = definition.guard?.(ready, present, reply);
  const action = actionOf(definition.action, diff, present, desired);
  const change = {type: 'change', action, diff, seen, ...(guard && {guard})} as const;
  if (typeof planned === 'function') return {...change, commands: [], late: planned};
  return {...change, commands: planned.filter((each) => each instanceof Object)};
}

const UNREAD: Seen = {present: undefined, desired: undefined, sensitive: []};

/** Attributes that nobody asked for play no part: they may change without making a verdict wrong. */
function seenOf(present: State, desired: State, sensitive: readonly string[] = []): Seen {
  if (present === null || desired === null) return {present, desired, sensitive};
  const wished = Object.entries(desired).filter(([, value]) => value !== undefined);
  const named = wished.map(([name]) => [name, present[name]]);
  return {present: Object.fromEntries(named), desired: Object.fromEntries(wished), sensitive};
}

/** Only what differs, so that a change command never repeats what is already so. */
function wanted<S>(desired: Partial<S> | null, diff: readonly AttributeChange[]): Partial<S> | null {
  if (desired === null) return null;
  const differing: Present<S> = {} as Present<S>;
  // The names come from `desired` itself, so each value has the attribute's own type.
  return Object.assign(differing, Object.fromEntries(diff.map(({name, after}) => [name, after]))) as Partial<S>;
}

function actionOf(
  known: Action | ((diff: readonly AttributeChange[]) => Action) | undefined,
  diff: readonly AttributeChange[],
  present: object | null,
  desired: object | null,
): Action {
  if (known !== undefined) return typeof known === 'function' ? known(diff) : known;
  if (desired === null) return 'delete';
  return present === null ? 'create' : 'update';
}
