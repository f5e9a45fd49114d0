import {Command, Secret} from '../../shell/index.js';
import type {Problem} from '../diagnostic.js';
import {didYouMean} from '../nearest.js';
import {inWords} from '../text/in-words.js';
import {kindOf} from './kind-of.js';

/** What is wrong with a value: where in it, in words that continue after its name, and the next step. */
export interface Issue extends Problem {
  readonly path: readonly PropertyKey[];
  /** The names that are not known, where the fault is in them. */
  readonly keys?: readonly string[] | undefined;
}

const NOTHING: readonly Issue[] = [];

interface AnyCheck {
  /** In words, after "must be". */
  readonly must: string;
  issues(value: unknown): readonly Issue[];
}

/** What a value must be. It is for values of exactly the type `T`, so that options and their checks cannot differ. */
export interface Check<in out T> extends AnyCheck {
  /** For the compiler alone. */
  readonly type?: T;
}

/** The check of an option that may be left out. */
export interface OptionalCheck<in out T> {
  readonly optional: Check<T>;
}

/** A check for each option of a type: none may be missing, and none may be of another type. */
export type Checks<Spec> = {
  readonly [Name in keyof Spec]-?: object extends Pick<Spec, Name>
    ? OptionalCheck<Exclude<Spec[Name], undefined>>
    : Check<Spec[Name]>;
};

/** A check of one's own. `must` continues after "must be"; `hint` is the next step for a value that does not fit. */
export function custom<T>(
  must: string,
  hint: string | undefined | ((value: unknown) => string | undefined),
  fits: (value: unknown) => boolean,
  describe: (value: unknown) => string = kindOf,
): Check<T> {
  const issue = (value: unknown): Issue => ({
    path: [],
    message: `must be ${must}, not ${describe(value)}`,
    hint: value instanceof Promise ? 'Add await before it.' : typeof hint === 'function' ? hint(value) : hint,
  });
  return {must, issues: (value) => (fits(value) ? NOTHING : [issue(value)])};
}

/** An option that may be left out. */
export const optional = <T>(check: Check<T>): OptionalCheck<T> => ({optional: check});

export const text = custom<string>(
  'text',
  (value) => (['number', 'boolean'].includes(typeof value) ? 'Put it in quotes.' : undefined),
  (value) => typeof value === 'string',
);

const UNQUOTED = 'Write true or false, without quotes.';

/** True or false. */
export const flag = custom<boolean>('true or false', UNQUOTED, (value) => typeof value === 'boolean', shown);

/** A number that fits, such as one of seconds. */
export function number(must: string, fits: (value: number) => boolean): Check<number> {
  const hint = (value: unknown) => (typeof value === 'number' ? undefined : 'Write it without quotes.');
  return custom(must, hint, (value) => typeof value === 'number' && fits(value), shown);
}

/** A whole number from `least` on. */
export const wholeNumber = (least = 0): Check<number> =>
  number(`a whole number from ${least} on`, (value) => Number.isInteger(value) && value >= least);

export const secret = custom<Secret>(
  'a secret',
  "Write secret('name'), with the secret that the playbook's function is given.",
  (value) => value instanceof Secret,
);

export const command = custom<Command>('a command', 'Write it as sh`…`.', (value) => value instanceof Command);

/** A function; what it takes and gives shows only when it is called. */
export const callable = <T>(example: string): Check<T> =>
  custom('a function', `Write it as ${example}.`, (value) => typeof value === 'function');

/** One of these values. */
export function oneOf<const Values extends readonly (string | boolean)[]>(...values: Values): Check<Values[number]> {
  const words = values.map((value) => JSON.stringify(value));
  const must = orList(words);
  const known: readonly unknown[] = values;
  const names = values.filter((value) => typeof value === 'string');
  const usual = known.includes(true) ? UNQUOTED : 'Write one of these.';
  const meant = (value: unknown) => (typeof value === 'string' ? didYouMean(value, names) : undefined) ?? usual;
  return custom(must, meant, (value) => known.includes(value), shown);
}

/** `a`, `a or b`, `a, b or c`. */
export const orList = (words: readonly string[]): string => inWords(words, ' or ');

/** One or the other. Where a fault is inside a list or an object, that fault is reported. */
export function either<A, B>(left: Check<A>, right: Check<B>): Check<A | B> {
  const must = `${left.must} or ${right.must}`;
  return {
    must,
    issues: (value) => {
      const found = [left, right].map((each: AnyCheck) => each.issues(value));
      if (found.some((issues) => issues.length === 0)) return [];
      const inside = found.find((issues) => issues.some(({path}) => path.length > 0));
      return inside ?? custom(must, found[0]?.[0]?.hint, () => false).issues(value);
    },
  };
}

/** A list of such values. */
export function list<T>(of: Check<T>): Check<readonly T[]> {
  const whole = custom('a list', 'Put it in brackets: […].', Array.isArray);
  const each = (value: unknown, index: number) => within(index, of.issues(value));
  return {
    must: 'a list',
    issues: (value) => (Array.isArray(value) ? Array.from(value).flatMap(each) : whole.issues(value)),
  };
}

/** One such value or a list of them. */
export const oneOrMany = <T>(of: Check<T>): Check<T | readonly T[]> => either(of, list(of));

/** An object of any names. */
export function record<T>(of: Check<T>): Check<Readonly<Record<string, T>>> {
  const whole = custom('an object', 'Write it as {name: value}.', isObject);
  return {
    must: whole.must,
    issues: (value) =>
      isObject(value)
        ? Object.entries(value).flatMap(([name, each]) => within(name, of.issues(each)))
        : whole.issues(value),
  };
}

export const anything: Check<unknown> = {must: 'anything', issues: () => []};

/** An object with these members and no others. */
export function object<T extends object>(must: string, hint: string | undefined, checks: Checks<T>): Check<T> {
  const whole = custom(must, hint, isObject);
  const members = membersOf(checks);
  return {must, issues: (value) => (isObject(value) ? members(value) : whole.issues(value))};
}

/** Finds everything that is wrong with the members of an object. */
export function membersOf<T extends object>(checks: Checks<T>): (value: object) => readonly Issue[] {
  // The compiler knows the members of a mapped type only where its names are known.
  const all = Object.entries(checks) as [string, AnyCheck | {optional: AnyCheck}][];
  const names = all.map(([name]) => name);
  const known = new Set(names);
  return (value) => {
    const given = new Map<string, unknown>(Object.entries(value));
    const unknown = [...given.keys()].filter((name) => !known.has(name));
    return [
      ...unknown.map((name) => unknownName(name, names)),
      ...all.flatMap(([name, check]) => within(name, memberIssues(check, given.get(name)))),
    ];
  };
}

/** A name that is not one of these. */
export function unknownName(name: string, names: readonly string[]): Issue {
  const hint =
    didYouMean(name, names) ?? (names.length > 0 ? `Its options are: ${names.join(', ')}.` : 'Leave it out.');
  return {path: [], message: `there is no option "${name}"`, hint, keys: [name]};
}

function memberIssues(check: AnyCheck | {optional: AnyCheck}, value: unknown): readonly Issue[] {
  if ('optional' in check) return value === undefined ? NOTHING : check.optional.issues(value);
  if (value !== undefined) return check.issues(value);
  return [{path: [], message: 'is missing', hint: `It must be ${check.must}.`}];
}

const within = (name: PropertyKey, issues: readonly Issue[]): readonly Issue[] =>
  issues.length === 0 ? issues : issues.map((issue) => ({...issue, path: [name, ...issue.path]}));

/** Whether a value is an object with members, and not a list, a promise or one of our own values. */
export function isObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return ![Array, Secret, Command, Promise, Map, Set].some((each) => value instanceof each);
}

/** A short text is shown as it is. Not for what may be a secret. */
export function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.length <= 40 ? JSON.stringify(value) : kindOf(value);
}
