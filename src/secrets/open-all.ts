import {InputError} from '../model/index.js';
import type {Store} from './store.js';

/** The opened values of a file. */
export interface Opened {
  /** Undefined when there is none by this name. Throws `InputError` when it, or the whole file, cannot be opened. */
  get(name: string): string | undefined;
}

/** Opens all values of a file at once. What cannot be opened keeps nobody from the rest: only who asks for it is told. */
export async function openAll(store: Store, file: string): Promise<Opened> {
  try {
    const opening = [...store.sealed(file)].map(async ([name, value]) => {
      return [name, await store.open(name, value).catch(expected)] as const;
    });
    const values = new Map(await Promise.all(opening));
    return {get: (name) => orThrow(values.get(name))};
  } catch (error) {
    const fault = expected(error);
    return {get: () => orThrow(fault)};
  }
}

function expected(error: unknown): InputError {
  if (error instanceof InputError) return error;
  throw error;
}

function orThrow(value: string | InputError | undefined): string | undefined {
  if (value instanceof InputError) throw value;
  return value;
}
