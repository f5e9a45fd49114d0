import type {Choices, ServerChoice} from '../project/choices.js';
import type {Survey} from './survey.js';

/** Something that would go wrong later, found before it does. */
export interface Concern {
  /** Name of the server; undefined when it is about this machine or about addresses that are nobody's own. */
  readonly server?: string | undefined;
  /** A sentence without its full stop, which names the server. */
  readonly message: string;
  /** One next step. */
  readonly hint: string;
}

/** What concerns are found in: the choices, and a server with what was seen of it. */
export interface Sighted {
  readonly choices: Choices;
  readonly server: ServerChoice;
  readonly survey: Survey;
  /** All servers that were seen, this one among them. */
  readonly all: readonly Pick<Sighted, 'server' | 'survey'>[];
}

/** Whether a server is to carry the database. */
export function hasDatabase({roles}: ServerChoice): boolean {
  return roles.includes('primary') || roles.includes('replica');
}
