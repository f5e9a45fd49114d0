import {type Diagnostic, InputError} from '../diagnostic.js';
import {callSite, type Position} from '../position.js';
import {type Checks, type Issue, isObject, membersOf, unknownName} from './checks.js';
import {kindOf} from './kind-of.js';
import {optionMeant} from './synonyms.js';

/** The part of a zod schema that roles and tasks need; the model itself depends on no library. */
export interface OptionsSchema<Input, Output> {
  safeParse(
    value: NoInfer<Input>,
  ):
    | {readonly success: true; readonly data: Output}
    | {readonly success: false; readonly error: {readonly issues: readonly Issue[]}};
  /** What playbooks write, for their types: `safeParse` of zod takes anything. As Standard Schema has it. */
  readonly '~standard'?: {readonly types?: {readonly input: Input; readonly output: Output} | undefined};
  /** The options by their names, where a schema has them. */
  readonly shape?: object | undefined;
}

/**
 * A schema of a task type's options, from a check for each. Values stay as they are.
 *
 * @example
 * optionsOf<{zone: string}>({zone: check.text})
 */
export function optionsOf<Spec extends object>(checks: Checks<Spec>): OptionsSchema<Spec, Spec> {
  const members = membersOf(checks);
  return {
    shape: checks,
    safeParse: (value) => {
      const issues = members(value).map(asSentence);
      return issues.length === 0 ? {success: true, data: value} : {success: false, error: {issues}};
    },
  };
}

/** What takes the options, as messages name it: `role nginx`, `file`. */
export interface Called {
  readonly what: string;
  /** The line of the playbook that calls it. Default: found where it is needed. */
  readonly at?: Position | undefined;
}

/** The options that a schema makes of those written. Throws `InputError` with everything that is wrong with them. */
export function readOptions<Input, Output>(
  schema: OptionsSchema<Input, Output>,
  written: Input | undefined,
  called: Called,
): Output {
  // A schema takes anything; its type is for those who write options.
  const read = schema.safeParse(written as Input);
  if (read.success) return read.data;
  if (written === undefined || written === null) throw new InputError([notAnObject(written, called)]);
  throw new InputError(read.error.issues.flatMap((issue) => diagnosticsOf(issue, namesOf(schema), called)));
}

/** Throws `InputError` with everything that is wrong with options of which each is checked. */
export function checkOptions<Spec extends object>(
  checks: Checks<Spec>,
  written: unknown,
  called: Called,
): asserts written is Spec {
  if (!isObject(written)) throw new InputError([notAnObject(written, called)]);
  // What it is follows from there being no fault.
  readOptions(optionsOf(checks), written as Spec, called);
}

/**
 * The options of a second argument. None where a list was mapped, which hands over a number and the list as well:
 * `sites.map(nginx)`. Throws `InputError`.
 */
export function secondOptions<Spec extends object>(
  checks: Checks<Spec>,
  more: readonly unknown[],
  called: Called,
): Partial<Spec> {
  const [second] = more;
  if (second === undefined || isMapped(more)) return {};
  checkOptions(checks, second, {...called, what: `${called.what}, second argument`});
  return second;
}

/** Whether the arguments after the first come from `list.map(…)`: a number and the list itself. */
export const isMapped = ([index, list]: readonly unknown[]): boolean =>
  typeof index === 'number' && Array.isArray(list);

/** Options are one object. */
export function notAnObject(written: unknown, {what, at = callSite()}: Called): Diagnostic {
  const hint = 'Write them as {name: value}.';
  return {message: `${what}: its options must be an object, not ${kindOf(written)}`, at, hint};
}

/** The names of a schema's options, as far as it has them. */
export const namesOf = (schema: {readonly shape?: object | undefined} | undefined) => Object.keys(schema?.shape ?? {});

/** An issue in words. `names`: those that a name which is not known may have meant. */
export function diagnosticsOf(issue: Issue, names: readonly string[], {what, at = callSite()}: Called): Diagnostic[] {
  const {path, message, hint, keys = []} = issue;
  // The messages of zod and of our own checks. A schema with a message of its own keeps it.
  if (path.length === 0 && /^Unrecognized key|^there is no option "[^"]*"$/.test(message)) {
    return keys.map((key) => {
      const unknown = unknownName(key, names);
      return {message: `${what}: ${unknown.message}`, at, hint: optionMeant(what, key) ?? unknown.hint};
    });
  }
  const place = path.length > 0 ? `option ${path.join('.')}: ` : '';
  return [{message: `${what}: ${place}${message}`, at, hint}];
}

/** Messages of our own checks continue a sentence that begins with the option's name. */
function asSentence(issue: Issue): Issue {
  const {path, message} = issue;
  if (path.length === 0) return issue;
  const [first = '', ...inner] = path.map(String);
  const name = `"${first}${inner.map((each) => (/^\d+$/.test(each) ? `[${each}]` : `.${each}`)).join('')}"`;
  const sentence = message.startsWith('there is') ? `in ${name} ${message}` : `the option ${name} ${message}`;
  return {...issue, path: [], message: sentence};
}
