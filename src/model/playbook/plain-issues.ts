import {didYouMean} from '../nearest.js';
import {type Issue, orList, shown} from './checks.js';
import {kindOf} from './kind-of.js';

/** An issue as zod has it: what it says of a value by code, where it has no words of its own. */
export interface SchemaIssue extends Issue {
  readonly code?: string | undefined;
  readonly expected?: string | undefined;
  readonly values?: readonly unknown[] | undefined;
  readonly origin?: string | undefined;
  readonly minimum?: number | bigint | undefined;
  readonly maximum?: number | bigint | undefined;
  readonly inclusive?: boolean | undefined;
  readonly divisor?: number | undefined;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  /** Of a check of one's own: `hint`, the next step. */
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  /** Of a union: the issues of each member. */
  readonly errors?: readonly (readonly SchemaIssue[])[] | undefined;
  /** Of a key: what is wrong with it. */
  readonly issues?: readonly SchemaIssue[] | undefined;
}

/**
 * Issues in plain words that continue after the option's name. A schema with words of its own keeps them. Of a union
 * it says what is wrong inside the member that fits best. `written`: the options as a whole.
 */
export function plainIssues(issue: SchemaIssue, written: unknown): readonly Issue[] {
  // Our own checks have no codes.
  if (issue.code === undefined) return [issue];
  const value = valueAt(written, issue.path);
  const inside = issue.errors && bestMember(issue.errors, value);
  if (inside) return inside.flatMap((each) => plainIssues({...each, path: [...issue.path, ...each.path]}, written));
  const {path, keys} = issue;
  if (issue.code === 'unrecognized_keys')
    return (keys ?? []).map((key) => ({path, keys: [key], message: noOption(key)}));
  const must = mustOf(issue);
  if (value === undefined && path.length > 0 && must !== undefined) {
    return [{path, message: 'is missing', hint: `It ${must}.`}];
  }
  const hint = issue.hint ?? ownHint(issue) ?? hintFor(issue, value);
  if (!isDefault(issue.message)) return [{path, message: issue.message + contrast(issue, value), hint}];
  return [{path, message: must === undefined ? 'is not valid' : must + insteadOf(issue, value), hint}];
}

/** After words of the schema's own, for a value of another kind. */
const contrast = (issue: SchemaIssue, value: unknown): string =>
  /^invalid_(?:type|value)$/.test(issue.code ?? '') && /^must be [^:]*$/.test(issue.message)
    ? insteadOf(issue, value)
    : '';

/** Says that an option is not known. */
export const noOption = (name: string): string => `there is no option "${name}"`;

/** The value in an object at a path; undefined where there is none. */
export function valueAt(written: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce(member, written);
}

/** The names of the options at a path of a schema; none where it does not say. */
export function namesAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  const inner = path.reduce<unknown>((outer, name) => {
    const shape = member(unwrapped(outer), 'shape');
    return shape === undefined ? member(unwrapped(outer), 'element') : member(shape, name);
  }, schema);
  return Object.keys(member(unwrapped(inner), 'shape') ?? {});
}

/** The schema within those that make it optional, give it a default, transform what it takes, or let it be another. */
function unwrapped(schema: unknown): unknown {
  if (member(schema, 'shape') !== undefined || member(schema, 'element') !== undefined) return schema;
  const definition = member(schema, 'def');
  const options = member(definition, 'options');
  const inner =
    member(definition, 'innerType') ?? member(definition, 'in') ?? (Array.isArray(options) ? options[0] : undefined);
  return inner === undefined ? schema : unwrapped(inner);
}

const member = (value: unknown, name: PropertyKey): unknown =>
  value instanceof Object ? Reflect.get(value, name) : undefined;

const ownHint = ({params}: SchemaIssue) => (typeof params?.hint === 'string' ? params.hint : undefined);

/** Words of zod's own, which speak to programmers. */
const isDefault = (message: string) => /^(?:Invalid|Too|Unrecognized)\b/.test(message);

/** The issues of the member that the value was meant for: it has the right kind, and only something in it is wrong. */
function bestMember(members: readonly (readonly SchemaIssue[])[], value: unknown): readonly SchemaIssue[] | undefined {
  const fitting = members.filter((issues) => issues.every((issue) => !isOtherKind(issue, value)));
  return fitting.toSorted((one, other) => one.length - other.length)[0];
}

function isOtherKind({path, code, errors, keys}: SchemaIssue, value: unknown): boolean {
  if (code === 'invalid_union' && path.length === 0) return bestMember(errors ?? [], value) === undefined;
  if (code === 'unrecognized_keys') return path.length === 0 && keys !== undefined;
  // A member that lacks an option is another one, unless it has all that is written.
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

/** What the value must be, as far as the issue says so. */
function mustOf(issue: SchemaIssue): string | undefined {
  if (!isDefault(issue.message)) return issue.message.startsWith('must ') ? issue.message : undefined;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kindNamed(issue.expected)}`;
    case 'invalid_value':
      return `must be ${orList((issue.values ?? []).map((value) => JSON.stringify(value) ?? String(value)))}`;
    case 'too_big':
      return sizeOf(issue, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'too_small':
      return sizeOf(issue, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return FORMATS[issue.format ?? ''] ?? `must match ${issue.pattern ?? issue.format}`;
    case 'invalid_union':
      return unionOf(issue.errors ?? []);
    case 'invalid_key':
      return issue.issues?.map(({message}) => message)[0]?.replace(/^(?:Invalid|Too).*/, 'must have another name');
    default:
      return undefined;
  }
}

function unionOf(members: readonly (readonly SchemaIssue[])[]): string | undefined {
  const first = members.flatMap((issues) => issues.filter(({path}) => path.length === 0));
  const own = first.find(({message}) => message.startsWith('must '));
  if (own) return own.message;
  const musts = first.flatMap((issue) => mustOf(issue)?.replace(/^must be /, '') ?? []);
  return musts.length === 0 ? undefined : `must be ${orList([...new Set(musts)])}`;
}

function sizeOf({origin}: SchemaIssue, words: string, size: number | bigint | undefined): string {
  if (origin === 'string') return `must have ${words} ${size} characters`;
  if (origin === 'array' || origin === 'set') return `must have ${words} ${size} ${size === 1 ? 'entry' : 'entries'}`;
  return `must be ${words} ${size}`;
}

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  function: 'a function',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'text',
};

const kindNamed = (expected = 'another value') => KINDS[expected] ?? expected;

const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be a mail address',
  ipv4: 'must be an IPv4 address',
  ipv6: 'must be an IPv6 address',
  safeint: 'must be a whole number',
  url: 'must be a URL',
};

const QUOTES = 'Put it in quotes.';

const NEXT_STEPS: Readonly<Record<string, string>> = {
  array: 'Put it in brackets: […].',
  boolean: 'Write true or false, without quotes.',
  int: 'Write it without quotes.',
  number: 'Write it without quotes.',
  object: 'Write it as {name: value}.',
  record: 'Write it as {name: value}.',
};

function hintFor({code, expected = '', values = [], errors = []}: SchemaIssue, value: unknown): string | undefined {
  if (value instanceof Promise) return 'Add await before it.';
  if (code === 'invalid_value') {
    const words = values.filter((each) => typeof each === 'string');
    return (typeof value === 'string' ? didYouMean(value, words) : undefined) ?? 'Write one of these.';
  }
  if (code === 'invalid_union' && typeof value === 'number')
    return unionOf(errors)?.includes(' text') ? QUOTES : undefined;
  if (code !== 'invalid_type') return undefined;
  if (expected === 'string') return ['number', 'boolean'].includes(typeof value) ? QUOTES : undefined;
  return typeof value === 'number' && expected === 'int' ? undefined : NEXT_STEPS[expected];
}

function insteadOf({code, expected = '', origin}: SchemaIssue, value: unknown): string {
  if (origin === 'string' || origin === 'array') return '';
  const isOfAnotherKind =
    code === 'invalid_union' || (code === 'invalid_type' && !['boolean', 'int', 'number'].includes(expected));
  return `, not ${isOfAnotherKind ? kindOf(value) : shown(value)}`;
}
