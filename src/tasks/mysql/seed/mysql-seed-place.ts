import {defineTask, Refusal, Unknown} from '../../../model/index.js';
import {follow} from './follow.js';
import {forgetOldData, placeCopy} from './place.js';
import {SEED_PORT} from './places.js';
import {isUnderWay, parseRecipient, recipientProbe, SEED} from './recipient.js';
import {type MysqlSeedSpec, refuseSeed, SEED_OPTIONS} from './spec.js';

interface PlaceState {
  copy: 'on its way' | 'in place';
}

/**
 * Waits until the copy is whole, puts it in the place of the data of a new server and starts the server, which then knows
 * up to which transaction it goes. Where no copy is on its way there is nothing to do.
 */
export const mysqlSeedPlace = defineTask<MysqlSeedSpec, PlaceState>({
  type: 'mysqlSeedPlace',
  options: SEED_OPTIONS,
  id: ({from}) => `from ${from}`,
  refuse: refuseSeed,
  probe: recipientProbe,
  parse: (reply, spec) => {
    const found = parseRecipient(reply);
    if (found instanceof Unknown) return found;
    if (found.isNew && ['listening', 'failed'].includes(found.phase)) throw nothingCame(spec, found.phase);
    return found.isNew && isUnderWay(found) ? {copy: 'on its way'} : null;
  },
  desire: (_, present) => (present === null ? null : {copy: 'in place'}),
  change: ({family, service, size}) => [
    follow('receive', ['ready', 'moving-out', 'moving-in', 'placed'], size),
    placeCopy(family, service),
    forgetOldData(),
  ],
});

/** Without its copy a new server must not be attached: it would look like a replica that is up to date. */
function nothingCame({from, address}: MysqlSeedSpec, phase: string): Refusal {
  const what = phase === 'failed' ? 'the copy of this server failed' : `no copy came to this server from ${from}`;
  return new Refusal(what, `Check that ${from} can reach ${address} at port ${SEED_PORT}, and apply again.`, [SEED]);
}
