import {defineTask, Unknown} from '../../../model/index.js';
import {startReceiving} from './receive.js';
import {isUnderWay, parseRecipient, recipientProbe} from './recipient.js';
import {type MysqlSeedSpec, refuseSeed, requestOf, SEED_OPTIONS, sizeInWords} from './spec.js';

interface ReceiveState {
  data: string;
}

/**
 * A new server waits for a copy of another one's data. A server that holds databases, or to which data came by
 * replication, is left alone. With `mysqlSeedSend` and `mysqlSeedPlace`, in this order.
 */
export const mysqlSeedReceive = defineTask<MysqlSeedSpec, ReceiveState>({
  type: 'mysqlSeedReceive',
  options: SEED_OPTIONS,
  id: ({from, size}) => `from ${from} (${sizeInWords(size)})`,
  refuse: refuseSeed,
  probe: recipientProbe,
  parse: (reply) => {
    const found = parseRecipient(reply);
    if (found instanceof Unknown) return found;
    return {data: found.isNew && !isUnderWay(found) ? 'none' : 'its own, or a copy that is on its way'};
  },
  desire: ({from, size}, present) =>
    present === null || present.data === 'none'
      ? {data: `a copy of ${from} (${sizeInWords(size)}), which replaces what is on this server`}
      : present,
  change: (spec) =>
    Object.assign(
      async () => [startReceiving({...spec, key: await spec.key(), origin: `${spec.from} ${spec.source}`})],
      {request: requestOf(spec)},
    ),
  // What follows has to be asked again even where it was absent: it waits for what this brings.
  affects: () => ['*', '+'],
});
