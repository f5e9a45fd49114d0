import {InputError} from '../diagnostic.js';
import {callSite, type Position} from '../position.js';
import {withCallee} from './callee.js';
import {itemsOf} from './items.js';
import {issuesOf, namesOf, type OptionsSchema, readOptions, secondOptions} from './options.js';
import type {Item, Items, Role, RoleContext, RoleOptions} from './playbook.js';
import {tags} from './task-options.js';

/**
 * A role: a pure function from validated options and a host to a task or an ordered list of tasks. The constructor
 * takes the options and, besides them, tags for all tasks of the role: `nginx({…}, {tags: 'web'})`. Where every option
 * may be left out, so may the options: `nginx()`. It throws `InputError` with the line of the playbook when the options
 * are wrong.
 *
 * @example
 * const motd = defineRole('motd', z.strictObject({text: z.string()}), ({text}, {host}) => [
 *   file({path: '/etc/motd', content: `${host.name}: ${text}\n`}),
 * ]);
 */
export function defineRole<Input, Output>(
  name: string,
  schema: OptionsSchema<Input, Output>,
  compile: (options: Output, context: RoleContext) => Item,
): RoleConstructor<Input>;
export function defineRole<Input, Output>(
  name: string,
  schema: OptionsSchema<Input, Output>,
  compile: (options: Output, context: RoleContext) => Item,
): (options?: Input, ...more: readonly unknown[]) => Role {
  const construct = (options = noneOf(schema), ...more: readonly unknown[]): Role => {
    const called = {what: `role ${name}`, at: callSite()};
    const read = readOptions(schema, options, called);
    const own = secondOptions<RoleOptions>({tags}, more, called);
    const compiled = (context: RoleContext) => placed(called.at, () => itemsOf(compile(read, context), called));
    return {name, at: called.at, tags: [own.tags ?? []].flat(), compile: compiled};
  };
  return withCallee(construct, () => ({
    what: `role ${name}`,
    names: namesOf(schema),
    // A schema takes anything; its type is for those who write options.
    issues: (written) => issuesOf(schema, written as Input),
  }));
}

/** How a role is written in a play: without options where each of them may be left out. */
type RoleConstructor<Input> =
  Record<never, never> extends Input
    ? (options?: Input, more?: RoleOptions) => Role
    : (options: Input, more?: RoleOptions) => Role;

/** No options, where a schema takes that; a role that needs some asks for an object. */
function noneOf<Input, Output>(schema: OptionsSchema<Input, Output>): Input | undefined {
  // What it is follows from the schema taking it.
  const none = {} as Input;
  return schema.safeParse(none).success ? none : undefined;
}

/**
 * Faults that a role finds when it meets a host have no place of their own: they get the line that asks for the role.
 */
function placed(at: Position | undefined, compile: () => Items): Items {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.diagnostics.map((each) => (each.at ? each : {...each, at})));
  }
}
