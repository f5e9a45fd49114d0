import {createHash} from 'node:crypto';
import {type Host, InputError, type Inventory} from '../../model/index.js';

/** The variable of a host that sets its server id. */
const VARIABLE = 'mysql_server_id';

/**
 * A number from 1 to 2^32-1 that no other server of the inventory has: the host's variable `mysql_server_id`, else made
 * from its name. So it stays the same when other hosts come, go or change places. Throws `InputError` when two are equal.
 */
export function serverId(host: Host, inventory: Inventory): number {
  const id = idOf(host);
  const twin = inventory.hosts.find((each) => each.name !== host.name && idOf(each) === id);
  if (twin === undefined) return id;
  const message = `the hosts ${host.name} and ${twin.name} would have the same server id ${id}`;
  throw new InputError([{message, at: host.at, hint: `give one of them a number of its own: ${VARIABLE}`}]);
}

function idOf({name, vars, at}: Host): number {
  const set = vars[VARIABLE];
  if (set === undefined) return createHash('sha256').update(name).digest().readUInt32BE() || 1;
  if (typeof set === 'number' && Number.isInteger(set) && set >= 1 && set <= 0xff_ff_ff_ff) return set;
  const message = `${VARIABLE} of ${name} is to be a whole number from 1 to 4294967295`;
  throw new InputError([{message, at}]);
}
