import {Content} from './content.js';

/** One readable property of a thing on a host. `undefined`: it has none. */
export type Attribute = string | number | boolean | readonly string[] | Content | undefined;

/** The state of a thing: its attributes by name. `null`: the thing does not exist. */
export type State = Readonly<Record<string, Attribute>> | null;

/** What a change does to a thing. `run`: a command whose effect only the user knows. */
export type Action = 'create' | 'update' | 'delete' | 'run';

/** One attribute that differs. `sensitive`: say that it differs, never what it is. */
export interface AttributeChange {
  readonly name: string;
  readonly before: Attribute;
  readonly after: Attribute;
  readonly sensitive: boolean;
}

/** The attributes that `desired` names and `present` does not have so. An attribute left out is left alone. */
export function diffStates(present: State, desired: State, sensitive: readonly string[] = []): AttributeChange[] {
  if (desired === null) return present === null ? [] : changes(present, {}, Object.keys(present), sensitive);
  return changes(present ?? {}, desired, Object.keys(desired), sensitive).filter(({after}) => after !== undefined);
}

/** The attributes that differ between two states of a thing that exists, also those that only one of them has. */
export function compareStates(before: Attributes, after: Attributes, sensitive: readonly string[]): AttributeChange[] {
  return changes(before, after, [...new Set([...Object.keys(before), ...Object.keys(after)])], sensitive);
}

/** Equal as attributes: contents by digest, lists element by element in order. */
export function sameAttribute(left: Attribute, right: Attribute): boolean {
  if (left instanceof Content || right instanceof Content) {
    return left instanceof Content && right instanceof Content && left.sha256 === right.sha256;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((each, index) => each === right[index]);
  }
  return left === right;
}

/** Equal in everything they name; one that could not be read yet is like another such. */
export function sameState(left: State | undefined, right: State | undefined): boolean {
  if (!left || !right) return left === right;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => sameAttribute(left[name], right[name]));
}

type Attributes = NonNullable<State>;

function changes(present: Attributes, desired: Attributes, names: readonly string[], sensitive: readonly string[]) {
  return names
    .filter((name) => !sameAttribute(present[name], desired[name]))
    .map((name) => ({
      name,
      before: present[name],
      after: desired[name],
      sensitive: sensitive.includes(name) || isSensitive(present[name]) || isSensitive(desired[name]),
    }));
}

const isSensitive = (attribute: Attribute) => attribute instanceof Content && attribute.sensitive;
