import type {Choices} from './choices.js';

/** Why no project can be written from choices. */
export interface Fault {
  /** Name of the server that it is about. */
  readonly server?: string | undefined;
  /** A sentence without its full stop. */
  readonly message: string;
  /** One next step. */
  readonly hint: string;
}

/** What is wrong with choices that are right one by one; none where a project can be written. In order of importance. */
export function faultsOf(_choices: Choices): readonly Fault[] {
  return [];
}
