import type {Issue} from './checks.js';
import {exampleOf} from './examples.js';

/** A constructor of tasks or roles, as messages about its calls know it. */
export interface Callee {
  /** As messages name it: `role nginx`, `file`. */
  readonly what: string;
  /** Its options, and those that everything of its kind has. */
  readonly names: readonly string[];
  /** Everything that is wrong with options. */
  issues(written: object): readonly Issue[];
}

const CALLEE = Symbol('callee');

/** The same constructor, which {@link calleeOf} knows from then on. `make` is called when it is asked for. */
export function withCallee<Constructor extends object>(construct: Constructor, make: () => Callee): Constructor {
  return Object.defineProperty(construct, CALLEE, {value: make});
}

/** What is known of a constructor of tasks or roles; undefined for any other value. */
export function calleeOf(value: unknown): Callee | undefined {
  const make: unknown = typeof value === 'function' ? Reflect.get(value, CALLEE) : undefined;
  // Only `withCallee` sets it.
  return typeof make === 'function' ? (make() as Callee) : undefined;
}

/** How a task or a role is called, with an example for each option that must be given: `service({name: 'nginx'})`. */
export function exampleCall(callee: Callee): string {
  const name = nameOf(callee.what);
  const written = missingIn(callee).map((option) => exampleOf(name, option));
  return written.length === 0 ? `${name}()` : `${name}({${written.join(', ')}})`;
}

/** The options of a task or a role that must be given. */
export function missingIn(callee: Callee): readonly string[] {
  return callee.issues({}).flatMap(({message, path}) => (message === MISSING ? [String(path[0])] : []));
}

/** What issues say of an option that must be given and is not. */
export const MISSING = 'is missing';

/** `nginx` for `role nginx`. */
export const nameOf = (what: string): string => what.replace(/^role /, '').replace(/[ ,].*/, '');
