import {InputError} from '../model/index.js';
import {type DatabaseNode, type DatabaseSite, namesOf, type PrimaryFound} from './site.js';

/** A database server by its name. Throws `InputError` for a name that none has. */
export function serverNamed(site: Pick<DatabaseSite, 'servers'>, name: string): DatabaseNode {
  const node = site.servers.find(({host}) => host.name === name);
  if (node) return node;
  throw refuseServer(site, `there is no database server named "${name}"`);
}

/** Why a server that was named will not do; the next step lists all of them. */
export function refuseServer({servers}: Pick<DatabaseSite, 'servers'>, message: string): InputError {
  return refuseOperation(message, `The database servers are ${namesOf(servers).join(', ')}.`);
}

/** The next step where several servers take writes. */
export const SEVERAL_WRITERS = 'Set read_only on all but one of them, then: infra db rejoin HOST';

/** Why an operation is not planned, and the next step. */
export function refuseOperation(message: string, hint: string): InputError {
  return new InputError([{message, hint}]);
}

/** Why an operation is not planned that needs a primary which takes writes. `next`: what to do where none does. */
export function refuseWithout(found: Exclude<PrimaryFound, {state: 'serving'}>, next: string): InputError {
  switch (found.state) {
    case 'several':
      return refuseOperation(`${namesOf(found.nodes).join(' and ')} all take writes`, SEVERAL_WRITERS);
    case 'closed': {
      const {name} = found.node.host;
      return refuseOperation(`the primary ${name} takes no writes`, `To open them again: infra db failover ${name}`);
    }
    case 'silent':
      return refuseOperation(`the primary ${found.node.host.name} does not answer`, next);
    case 'none':
      return refuseOperation('no server takes writes', next);
  }
}
