import type {Choices, ServerChoice} from '../../project/choices.js';
import type {Survey} from '../survey.js';

/** A server with its survey, as far as concerns need them. */
export interface SurveyedServer {
  readonly server: ServerChoice;
  readonly survey: Survey;
}

/** What one server's concerns are found in. */
export interface ConcernContext extends SurveyedServer {
  readonly choices: Choices;
  /** All servers that were surveyed, this one among them. */
  readonly all: readonly SurveyedServer[];
}

/** Whether a server's roles include the database. */
export function hasDatabase({roles}: ServerChoice): boolean {
  return roles.includes('primary') || roles.includes('replica');
}
