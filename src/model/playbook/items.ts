import {type Diagnostic, InputError} from '../diagnostic.js';
import {calleeOf, exampleCall, nameOf} from './callee.js';
import {kindOf} from './kind-of.js';
import type {Called} from './options.js';

/**
 * Checks that what is in a play or comes from a role is a task or a role; types do so too, but a playbook may be
 * JavaScript. Throws `InputError`.
 */
export function checkItems<Given>(items: Given, {what, at}: Called): Given {
  if (!Array.isArray(items)) {
    const message = `${what}: there must be a list of tasks and roles, not ${kindOfItem(items)}`;
    throw new InputError([{message, at, hint: hintFor(items) ?? 'Put them in brackets: […].'}]);
  }
  const faults = Array.from(items).flatMap((item, index) => faultsIn(item, `item ${index + 1}`));
  if (faults.length > 0)
    throw new InputError(faults.map((each) => ({...each, message: `${what}: ${each.message}`, at})));
  return items;
}

/**
 * What a function of the host or a role gives, as a list: it may be a single task, role or declaration. Throws
 * `InputError` for anything else.
 */
export function itemsOf<Each>(given: Each | readonly Each[], called: Called): readonly Each[] {
  return isSingle(given) ? [given] : checkItems(given, called);
}

function faultsIn(item: unknown, name: string): Diagnostic[] {
  if (Array.isArray(item)) return item.flatMap((each, index) => faultsIn(each, `${name}.${index + 1}`));
  const callee = calleeOf(item);
  if (callee)
    return [{message: `${name} is ${nameOf(callee.what)}, which is not called`, hint: `Write ${exampleCall(callee)}.`}];
  if (isSingle(item)) return [];
  return [
    {message: `${name} is ${kindOfItem(item)}, which is neither a task nor a role`, hint: hintFor(item) ?? SUCH_AS},
  ];
}

const isSingle = <Each>(item: Each | readonly Each[]): item is Each =>
  typeof item === 'function' || isTask(item) || isRole(item) || isListening(item) || isSaid(item);

const isTask = (item: unknown) => has(item, 'open') && typeof Reflect.get(item, 'open') === 'function';
const isRole = (item: unknown) => has(item, 'compile') && typeof Reflect.get(item, 'compile') === 'function';
/** A note or a declaration of a role. */
const isSaid = (item: unknown) => has(item, 'note') || has(item, 'declares');
const isListening = (item: unknown) => has(item, 'listens') && has(item, 'ports') && has(item, 'from');

const has = (item: unknown, name: string): item is object => item instanceof Object && name in item;

function kindOfItem(item: unknown): string {
  if (has(item, 'command') && has(item, 'id')) return 'a handler';
  if (has(item, 'items')) return 'a play';
  if (isTask(item)) return 'a task';
  if (isRole(item)) return 'a role';
  return kindOf(item);
}

function hintFor(item: unknown): string | undefined {
  if (item instanceof Promise) return 'Add await before it.';
  if (has(item, 'command') && has(item, 'id')) return 'A task names its handlers: notify: reload(…).';
  if (has(item, 'items')) return 'Put the play next to other plays, not into one.';
  if (isTask(item) || isRole(item)) return 'Put it in brackets: […].';
  if (item === undefined || item === null || typeof item === 'boolean') return 'Write ...(condition ? [task] : []).';
  return undefined;
}

const SUCH_AS = "Write a task or a role, such as apt('nginx') or nginx().";
