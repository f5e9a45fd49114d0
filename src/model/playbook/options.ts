import {type Diagnostic, InputError} from '../diagnostic.js';
import {callSite, type Position} from '../position.js';
import {exampleCall, MISSING, nameOf} from './callee.js';
import {type Checks, type Issue, isObject, membersOf, unknownName} from './checks.js';
import {ownExample, usualExample, valueMeant} from './examples.js';
import {kindOf} from './kind-of.js';
import {namesAt, plainIssues, type SchemaIssue, valueAt} from './plain-issues.js';
import {optionMeant} from './synonyms.js';

/** The part of a zod schema that roles and tasks need; the model itself depends on no library. */
export interface OptionsSchema<Input, Output> {
  safeParse(
    value: NoInfer<Input>,
  ):
    | {readonly success: true; readonly data: Output}
    | {readonly success: false; readonly error: {readonly issues: readonly SchemaIssue[]}};
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
      const issues = members(value);
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
  const names = namesOf(schema);
  if (!isObject(written)) {
    const callee = {what: called.what, names, issues: () => issuesOf(schema, {} as Input)};
    throw new InputError([{...notAnObject(written, called), hint: `Write ${exampleCall(callee)}.`}]);
  }
  throw new InputError(issuesOf(schema, written).map((issue) => diagnosticOf(issue, names, called)));
}

/** Everything that is wrong with options, in plain words. */
export function issuesOf<Input, Output>(schema: OptionsSchema<Input, Output>, written: Input): readonly Issue[] {
  const read = schema.safeParse(written);
  if (read.success) return [];
  return read.error.issues.flatMap((issue) =>
    plainIssues(issue, written).map((each) => ({...each, hint: hintOf(each, schema, valueAt(written, each.path))})),
  );
}

function hintOf({path, keys, hint}: Issue, schema: unknown, value: unknown): string | undefined {
  if (keys?.[0] !== undefined && hint === undefined) return unknownName(keys[0], namesAt(schema, path)).hint;
  const option = path.findLast((each) => typeof each === 'string');
  // What the text says is not shown: it may be a password.
  return (typeof value === 'string' ? valueMeant(String(option), undefined) : undefined) ?? hint;
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
  const hint = what.startsWith('play ') ? `Write them as {hosts: 'web'}.` : 'Write them as {name: value}.';
  return {message: `${what}: its options must be an object, not ${kindOf(written)}`, at, hint};
}

/** The names of a schema's options, as far as it has them. */
export const namesOf = (schema: {readonly shape?: object | undefined} | undefined) => Object.keys(schema?.shape ?? {});

/** An issue in words. `names`: those that a name which is not known may have meant. */
export function diagnosticOf(issue: Issue, names: readonly string[], {what, at = callSite()}: Called): Diagnostic {
  const {path, message, hint, keys = []} = issue;
  const [key] = keys;
  if (key === undefined) {
    const example = exampleFor(path, what);
    const best = message === MISSING ? (example ?? hint) : (hint ?? example);
    return {message: `${what}: ${sentenceOf(path, message)}`, at, hint: best};
  }
  const place = [nameOf(what), ...path.filter((each) => typeof each === 'string')].join('.');
  const usual = path.length === 0 ? unknownName(key, names).hint : hint;
  return {message: `${what}: ${sentenceOf(path, message)}`, at, hint: optionMeant(place, key) ?? usual};
}

/** Messages that begin with a verb continue a sentence that begins with the option's name. */
function sentenceOf([first, ...inner]: readonly PropertyKey[], message: string): string {
  if (first === undefined) return message;
  const parts = inner.map((each) => (/^\d+$/.test(String(each)) ? `[${String(each)}]` : `.${String(each)}`));
  const name = `"${String(first)}${parts.join('')}"`;
  if (message.startsWith('there is no option')) return `in ${name} ${message}`;
  return VERBS.test(message) ? `the option ${name} ${message}` : `the option ${name}: ${message}`;
}

/** What the option may look like, where nothing better is known. */
function exampleFor(path: readonly PropertyKey[], what: string): string | undefined {
  const names = path.filter((each) => typeof each === 'string');
  const option = names.at(-1);
  if (option === undefined) return undefined;
  const example = ownExample([nameOf(what), ...names.slice(0, -1)].join('.'), option) ?? usualExample(option);
  return example && `Write ${example}.`;
}

const VERBS = /^(?:must|is|has|needs)\b/;
