import {callSite} from './call-site.js';
import {InputError} from './diagnostic.js';
import type {Items, Role, RoleContext, RoleOptions} from './playbook.js';
import type {Position} from './position.js';

/** The part of a zod schema that a role needs; the model itself depends on no library. */
export interface OptionsSchema<Input, Output> {
  safeParse(
    value: NoInfer<Input>,
  ):
    | {readonly success: true; readonly data: Output}
    | {readonly success: false; readonly error: {readonly issues: readonly Issue[]}};
  /** What playbooks write, for their types: `safeParse` of zod takes anything. As Standard Schema has it. */
  readonly '~standard'?: {readonly types?: {readonly input: Input; readonly output: Output} | undefined};
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

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
  return (options, {tags = []} = {}) => {
    const at = callSite();
    const checked = schema.safeParse(options);
    if (checked.success) {
      return {name, at, tags: [tags].flat(), compile: (context) => placed(at, () => compile(checked.data, context))};
    }
    throw new InputError(
      checked.error.issues.map(({path, message}) => ({
        message: `role ${name}: ${path.length > 0 ? `option ${path.join('.')}: ` : ''}${message}`,
        at,
      })),
    );
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
