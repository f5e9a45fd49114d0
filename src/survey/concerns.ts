import type {Choices} from '../project/choices.js';
import type {Concern, Sighted} from './concern.js';
import {addressConcerns} from './concerns/addresses.js';
import {clockConcerns} from './concerns/clocks.js';
import {portConcerns} from './concerns/ports.js';
import {releaseConcerns} from './concerns/release.js';
import {roomConcerns} from './concerns/room.js';
import {sharedAddressConcerns} from './concerns/shared-addresses.js';
import type {Survey} from './survey.js';

/**
 * What stands in the way of these choices on the servers seen so far, by their names; others are not spoken of. Empty
 * when all is well. In the order in which one would mend them: system, addresses, ports, room, clocks.
 */
export function concernsOf(choices: Choices, surveys: ReadonlyMap<string, Survey>): readonly Concern[] {
  const all = choices.servers.flatMap((server) => {
    const survey = surveys.get(server.name);
    return survey ? [{server, survey}] : [];
  });
  const each = all.map((seen): Sighted => ({...seen, choices, all}));
  const bySubject = [releaseConcerns, addressConcerns, sharedAddressConcerns, portConcerns, roomConcerns];
  return [...bySubject.flatMap((concerns) => each.flatMap(concerns)), ...clockConcerns(all)];
}
