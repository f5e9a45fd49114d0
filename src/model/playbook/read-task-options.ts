import {type Diagnostic, InputError} from '../diagnostic.js';
import {type Callee, exampleCall} from './callee.js';
import {isObject} from './checks.js';
import {
  type Called,
  diagnosticOf,
  isMapped,
  issuesOf,
  namesOf,
  notAnObject,
  type OptionsSchema,
  optionsOf,
} from './options.js';
import {TASK_OPTIONS, type TaskOptions} from './task-options.js';

/**
 * Takes the options of a task apart and checks them. `more`: what else the constructor was given, nothing unless a list
 * was mapped (`files.map(file)`). Without a schema the options of its type are taken as they are written. Throws
 * `InputError` with everything that is wrong.
 */
export function readTaskOptions<Spec, Written extends object>(
  schema: OptionsSchema<Written, Spec> | undefined,
  [written, ...more]: readonly [Written & TaskOptions, ...unknown[]],
  called: Called,
): Read<Spec> {
  const own = namesOf(schema);
  const faults = faultsInCall(
    written,
    more,
    () => (schema ? exampleCall(calleeOfTask(called.what, schema)) : `${called.what}({name: …})`),
    called,
  );
  if (faults.length > 0) throw new InputError(faults);
  const {common, rest} = split(written, own);
  // All options that are not common are those of the type.
  const read = schema?.safeParse(rest as Written);
  const ownIssues = schema === undefined || read?.success ? [] : issuesOf(schema, rest as Written);
  const issues = isEmpty(common) ? ownIssues : [...ownIssues, ...issuesOf(commonSchema, common)];
  const names = [...own, ...COMMON];
  if (issues.length > 0) throw new InputError(issues.map((issue) => diagnosticOf(issue, names, called)));
  // Without a schema Spec is what is written, by the type's default.
  return {spec: read?.success ? read.data : (written as unknown as Spec), common};
}

/** A task type, for messages about its calls. */
export function calleeOfTask<Spec, Written extends object>(
  what: string,
  schema: OptionsSchema<Written, Spec> | undefined,
): Callee {
  const own = namesOf(schema);
  return {
    what,
    names: [...own, ...COMMON],
    issues: (written) => {
      const {common, rest} = split(written, own);
      return [...(schema ? issuesOf(schema, rest as Written) : []), ...issuesOf(commonSchema, common)];
    },
  };
}

/** What a task was written with: the options of its type, and those of every task. */
interface Read<Spec> {
  readonly spec: Spec;
  readonly common: TaskOptions;
}

const COMMON = Object.keys(TASK_OPTIONS);

const commonSchema = optionsOf(TASK_OPTIONS);

const isEmpty = (options: object) => Object.keys(options).length === 0;

/** The common options among those written, but those that the type has of its own. */
function split(written: object, own: readonly string[]): {common: object; rest: object} {
  const isCommon = ([name]: [string, unknown]) => COMMON.includes(name) && !own.includes(name);
  const all = Object.entries(written);
  const common = all.filter(isCommon);
  const rest = common.length === 0 ? written : Object.fromEntries(all.filter((each) => !isCommon(each)));
  return {common: Object.fromEntries(common), rest};
}

function faultsInCall(
  written: unknown,
  more: readonly unknown[],
  example: () => string,
  {what, at}: Called,
): Diagnostic[] {
  if (!isObject(written)) return [{...notAnObject(written, {what, at}), hint: `Write ${example()}.`}];
  if (more[0] === undefined || isMapped(more)) return [];
  return [
    {message: `${what} takes one object with all its options`, at, hint: 'Put them together: {...one, ...other}.'},
  ];
}
