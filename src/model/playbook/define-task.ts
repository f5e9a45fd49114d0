import {callSite} from './call-site.js';
import {questionOf} from './judge-task.js';
import {readTaskOptions} from './read-task-options.js';
import {SpecError} from './spec-error.js';
import {ANYTHING, ANYTHING_NEW} from './subjects.js';
import type {Environment, Task} from './task.js';
import type {TaskDefinition, Verbs} from './task-definition.js';
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
      ...subjectsOf(definition, spec),
      restores: definition.restores?.(spec),
      always: definition.always?.(spec) ?? false,
      at,
      hint: (reply) => definition.hint?.(reply, spec),
      open: (environment) => questionOf(definition, readyFor(definition, spec, environment)),
    };
  };
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
