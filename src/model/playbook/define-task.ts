import {Command, type Reply} from '../../shell/index.js';
import {SpecError} from '../diagnostic.js';
import {type Action, type AttributeChange, diffStates, type State} from '../plan/state.js';
import {callSite} from '../position.js';
import {withCallee} from './callee.js';
import {kindOf} from './kind-of.js';
import {calleeOfTask, readTaskOptions} from './read-task-options.js';
import {ANYTHING, ANYTHING_NEW} from './subjects.js';
import {
  type Environment,
  type Expected,
  type Question,
  type Seen,
  type Task,
  UnreadableReply,
  type Verdict,
} from './task.js';
import {type Refused, type TaskDefinition, Unknown, type Verbs} from './task-definition.js';
import {controlOf, type TaskOptions} from './task-options.js';

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
  const construct = (written: Written & TaskOptions, ...more: readonly unknown[]): Task => {
    const at = callSite();
    const {spec, common} = readTaskOptions(definition.options, [written, ...more], {what: definition.type, at});
    const fault = definition.refuse?.(spec);
    if (fault !== undefined) throw refused(definition.type, fault);
    return {
      ...controlOf(common),
      type: definition.type,
      id: definition.id(spec),
      notify: [common.notify ?? []].flat(),
      ...subjectsOf(definition, spec),
      restores: definition.restores?.(spec),
      always: definition.always?.(spec) ?? false,
      at,
      hint: (reply) => definition.hint?.(reply, spec),
      open: (environment) => questionOf(definition, readyFor(definition, spec, environment)),
    };
  };
  return withCallee(construct, () => calleeOfTask(definition.type, definition.options));
}

function refused(type: string, fault: Refused): SpecError {
  const {message, hint} = typeof fault === 'string' ? {message: fault, hint: undefined} : fault;
  return new SpecError(`${type}: ${message}`, hint);
}

function subjectsOf<Spec, S, Ready>(definition: Verbs<Spec, S, Ready>, spec: Spec): Pick<Task, 'affects' | 'needs'> {
  const affects = definition.affects?.(spec) ?? [ANYTHING];
  const named = affects.filter((subject) => subject !== ANYTHING && subject !== ANYTHING_NEW);
  return {affects, needs: definition.needs?.(spec) ?? named};
}

function readyFor<Spec, S, Ready>(definition: Verbs<Spec, S, Ready>, spec: Spec, environment: Environment) {
  // Without `prepare`, Ready is Spec by the type's default.
  return definition.prepare ? definition.prepare(spec, environment) : (spec as unknown as Ready);
}

type Present<S> = Partial<S> & Record<string, unknown>;

/** The question of a task to a host, and the judge of the answer. */
function questionOf<Spec, S extends object, Ready>(definition: Verbs<Spec, S, Ready>, ready: Ready): Question {
  const probe = definition.probe(ready);
  if (!(probe instanceof Command)) throw misused('probe', 'a command, written as sh`…`', probe);
  return {
    probe,
    spec: ready,
    judge: (reply) => {
      if (reply.truncated) throw new UnreadableReply('the answer is too long');
      const present = stateOf('parse', definition.parse(reply, ready));
      if (!(present instanceof Unknown)) return judge(definition, ready, present, reply);
      const more = {spec: ready, expected: () => expected(definition, ready)};
      return {type: 'unknown', because: present.because, seen: UNREAD, ...more};
    },
  };
}

function expected<Spec, S extends object, Ready>(definition: Verbs<Spec, S, Ready>, ready: Ready): Expected {
  const desired = definition.desire(ready, null);
  const planned = definition.change(ready, desired, null, {code: 0, stdout: '', stderr: '', truncated: false});
  return {desired: desired as State, commands: typeof planned === 'function' ? [] : commandsIn(planned)};
}

function judge<Spec, S extends object, Ready>(
  definition: Verbs<Spec, S, Ready>,
  ready: Ready,
  present: Partial<S> | null,
  reply: Reply,
): Verdict {
  const desired = stateOf('desire', definition.desire(ready, present));
  const diff = diffStates(present as State, desired as State, definition.sensitive);
  const seen = seenOf(present as State, desired as State, definition.sensitive);
  if (diff.length === 0 && (present === null) === (desired === null)) {
    return desired === null ? {type: 'unchanged', absent: true, seen} : {type: 'unchanged', seen};
  }
  const planned = definition.change(ready, wanted<S>(desired, diff), present, reply);
  const guard = definition.guard?.(ready, present, reply);
  const action = actionOf(definition.action, diff, present, desired);
  const change = {type: 'change', action, diff, seen, ...(guard && {guard})} as const;
  if (typeof planned === 'function') return {...change, commands: [], late: planned};
  return {...change, commands: commandsIn(planned)};
}

/** A promise, for instance, has no attributes: it would count as a state that is as desired. Throws `SpecError`. */
function stateOf<T>(verb: 'parse' | 'desire', value: T): T & (object | null) {
  if (value !== null && (typeof value !== 'object' || value instanceof Promise))
    throw misused(verb, 'an object of attributes, or null', value);
  return value as T & (object | null);
}

/** Without what a condition left out. Throws `SpecError`: a change that is not a command would be ignored silently. */
function commandsIn(planned: readonly (Command | false | undefined)[]): readonly Command[] {
  if (!Array.isArray(planned)) throw misused('change', 'a list of commands', planned);
  const wrong = planned.find((each) => each && !(each instanceof Command));
  if (wrong) throw misused('change', 'commands, written as sh`…`', wrong);
  return planned.filter((each) => each instanceof Command);
}

const misused = (verb: string, must: string, value: unknown) =>
  new SpecError(`the task type's \`${verb}\` must return ${must}, not ${kindOf(value)}`);

const UNREAD: Seen = {present: undefined, desired: undefined, sensitive: []};

/** Only attributes that the user set: others may change without making the verdict wrong. */
function seenOf(present: State, desired: State, sensitive: readonly string[] = []): Seen {
  if (present === null || desired === null) return {present, desired, sensitive};
  const named = Object.entries(desired).filter(([, value]) => value !== undefined);
  const read = named.map(([name]) => [name, present[name]]);
  return {present: Object.fromEntries(read), desired: Object.fromEntries(named), sensitive};
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
