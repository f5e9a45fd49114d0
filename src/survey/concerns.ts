import type {Choices} from '../project/choices.js';
import type {Survey} from './survey.js';

/** Something that would go wrong later, found before it does. */
export interface Concern {
  /** Name of the server; undefined when it is about this machine or about all of them. */
  readonly server: string | undefined;
  /** One sentence that names the server. */
  readonly message: string;
  /** One next step. */
  readonly hint: string;
}

/** What stands in the way of these choices on the servers surveyed so far, worst first. Empty when all is well. */
export function concernsOf(_choices: Choices, _surveys: ReadonlyMap<string, Survey>): readonly Concern[] {
  return [];
}
