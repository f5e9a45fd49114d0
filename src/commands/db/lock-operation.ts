import type {Operation} from '../../database/operation.js';
import {type DatabaseSite, rolesIn} from '../../database/site.js';
import {lockHosts} from '../../engine/index.js';
import {parseState, stateProbe} from '../../engine/lock/pending-handlers.js';
import type {Failure} from '../../model/index.js';
import type {ActiveRun} from '../../session/active-run.js';
import type {Console} from '../../session/console.js';
import type {Connection} from '../../transport/index.js';
import type {OpenDatabase} from './open.js';

/** Why an operation does not begin, and on which host. */
interface Refused {
  readonly host: string;
  readonly failure: Failure;
}

/** Every host that has to do with the database. */
export const hostsIn = ({servers, balancers}: DatabaseSite) => [...servers, ...balancers].map(({host}) => host);

/** Names of the hosts that an operation cannot do without, in the order of its steps. */
export function neededBy({steps}: Pick<Operation, 'steps'>): readonly string[] {
  return [...new Set(steps.filter(({mayFail}) => !mayFail).map(({host}) => host))];
}

/**
 * Locks the hosts, then reads the servers again: while the plan was read or the lock was waited for, another run or an
 * automatic failover may have changed their roles, and the steps would then open writes on a second server. Resolves with
 * undefined when the operation may begin. `needed`: names of the hosts that it cannot do without.
 */
export async function lockUnchanged(
  database: OpenDatabase,
  needed: readonly string[],
  active: Pick<ActiveRun, 'control'>,
  out: Pick<Console, 'notice'>,
): Promise<Refused | undefined> {
  const refused = await lock(database, needed, active, out);
  if (refused) return refused;
  if (rolesIn(await database.readAgain()) === rolesIn(database.site)) return undefined;
  const [first] = needed;
  return first === undefined ? undefined : {host: first, failure: CHANGED};
}

const CHANGED: Failure = {
  reason: 'drifted',
  message: 'a server has changed its role since the plan was made; nothing was changed',
  hint: 'To see how the servers stand: infra db status',
};

/**
 * Locks every host that was reached, so that no apply and no other operation comes in between. One that does not answer
 * now is left out unless it is needed.
 */
async function lock(
  {site, connections}: OpenDatabase,
  needed: readonly string[],
  {control}: Pick<ActiveRun, 'control'>,
  out: Pick<Console, 'notice'>,
): Promise<Refused | undefined> {
  const read = hostsIn(site).map(async (host) => {
    const connection = connections.get(host.name);
    if (!connection) return [];
    return lastRunOn(connection).then(
      (lastRun) => [{host, connection, lastRun}],
      () => [],
    );
  });
  const lockable = (await Promise.all(read)).flat();
  const {failures} = await lockHosts(lockable, control, ({host, ...event}) =>
    event.type === 'host-waiting' ? out.notice(`${host}: ${event.because}`) : undefined,
  );
  const [first] = [...failures].filter(([name, {reason}]) => reason === 'locked' || needed.includes(name));
  return first && {host: first[0], failure: first[1]};
}

async function lastRunOn(connection: Connection): Promise<string> {
  const [reply] = await connection.run([{command: stateProbe, required: false}], {within: 20});
  return parseState(reply).lastRun;
}
