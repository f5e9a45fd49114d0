import {defineTask, Unknown} from '../../../model/index.js';
import {follow} from './follow.js';
import {forgetOldData, placeCopy} from './place.js';
import {SEED_PORT} from './places.js';
import {isUnderWay, parseRecipient, recipientProbe} from './recipient.js';
import {type MysqlSeedSpec, refuseSeed, SEED_OPTIONS, sizeInWords} from './spec.js';

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
  id: ({from, size}) => `from ${from} (${sizeInWords(size)})`,
  refuse: refuseSeed,
  probe: recipientProbe,
  parse: (reply, spec) => {
    const found = parseRecipient(reply);
    if (found instanceof Unknown) return found;
    if (found.isNew && ['listening', 'failed'].includes(found.phase)) return nothingCame(spec, found.phase);
    return found.isNew && isUnderWay(found) ? {copy: 'on its way'} : null;
  },
  desire: (_, present) => (present === null ? null : {copy: 'in place'}),
  change: ({family, service, size}) => [
    follow('receive', ['ready', 'moving-out', 'moving-in', 'placed'], size),
    placeCopy(family, service),
    forgetOldData(),
  ],
});

/**
 * Without its copy a new server must not be attached: it would look like a replica that is up to date. It is no answer
 * before the copy was sent.
 */
function nothingCame({from, address}: MysqlSeedSpec, phase: string): Unknown {
  const what = phase === 'failed' ? `the copy from ${from} failed` : `no copy has come from ${from}`;
  return new Unknown(`${what}, which must reach ${address} at port ${SEED_PORT}`);
}
