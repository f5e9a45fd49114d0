import {InputError} from '../diagnostic.js';
import type {Position} from '../position.js';
import {callSite} from './call-site.js';
import {checkItems} from './items.js';
import {type OptionsSchema, readOptions, secondOptions} from './options.js';
import type {Items, Role, RoleContext, RoleOptions} from './playbook.js';
import {tags} from './task-options.js';

/**
 * A role: a pure function from validated options and a host to an ordered list of tasks. The constructor takes the
 * options and, beside them, tags for all tasks of the role: `nginx({…}, {tags: 'web'})`. It throws `InputError` with the
 * line of the playbook when the options are wrong.
 *
 * @example
 * const motd = defineRole('motd', z.strictObject({text: z.string()}), ({text}, {host}) => [
 *   file({path: '/etc/motd', content: `${host.name}: ${text}\n`}),
 * ]);
 */
export function defineRole<Input, Output>(
  name: string,
  schema: OptionsSchema<Input, Output>,
  compile: (options: Output, context: RoleContext) => Items,
): (options: Input, more?: RoleOptions) => Role {
  return (options, ...more: readonly unknown[]) => {
    const called = {what: `role ${name}`, at: callSite()};
    const read = readOptions(schema, options, called);
    const own = secondOptions<RoleOptions>({tags}, more, called);
    const items = (context: RoleContext) => placed(called.at, () => checkItems(compile(read, context), called));
    return {name, at: called.at, tags: [own.tags ?? []].flat(), compile: items};
  };
}

/** Faults that a role finds when it meets a host have no place of their own: they get the line that asks for the role. */
function placed(at: Position | undefined, compile: () => Items): Items {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.diagnostics.map((each) => (each.at ? each : {...each, at})));
  }
}
