import type {Choices, ServerProblem} from '../../project/choices.js';
import type {Survey} from '../survey.js';
import {addressConcerns, virtualAddressConcerns} from './addresses.js';
import type {ConcernContext} from './concern.js';
import {clockConcerns, releaseConcerns, spaceConcerns} from './machine.js';
import {portConcerns} from './ports.js';

/**
 * The problems that these choices would meet on the servers surveyed so far, given by their names; other servers have
 * none. Empty when all is well. In the order in which the user would fix them: system, addresses, ports, memory and
 * disk, clocks.
 */
export function concernsOf(choices: Choices, surveys: ReadonlyMap<string, Survey>): readonly ServerProblem[] {
  const all = choices.servers.flatMap((server) => {
    const survey = surveys.get(server.name);
    return survey ? [{server, survey}] : [];
  });
  const each = all.map((server): ConcernContext => ({...server, choices, all}));
  const bySubject = [releaseConcerns, addressConcerns, virtualAddressConcerns, portConcerns, spaceConcerns];
  return [...bySubject.flatMap((concerns) => each.flatMap(concerns)), ...clockConcerns(all)];
}
