import {defineTask, UnreadableReply} from '../../../model/index.js';
import {sh} from '../../../shell/index.js';
import {follow} from './follow.js';
import {SEED_PORT} from './places.js';
import {DEFAULT_RATE, startSending} from './send.js';
import {type MysqlSeedSpec, refuseSeed, requestOf, SEED_OPTIONS} from './spec.js';
import {bracketed} from './units.js';

interface SendState {
  copy: 'waited for' | 'sent';
}

/**
 * Sends a copy to a new server that waits for it, and serves on in the meantime. For the server that is copied: use it
 * with `delegateTo`. Where nothing waits there is nothing to do.
 */
export const mysqlSeedSend = defineTask<MysqlSeedSpec, SendState>({
  type: 'mysqlSeedSend',
  options: SEED_OPTIONS,
  id: ({address}) => `to ${address}`,
  refuse: refuseSeed,
  probe: ({address}) =>
    sh`if ! command -v socat >/dev/null; then echo no; elif socat -u OPEN:/dev/null ${`TCP:${bracketed(address)}:${SEED_PORT},connect-timeout=2`} 2>/dev/null; then echo waits; else echo no; fi`,
  parse: ({stdout}) => {
    if (stdout.trim() === 'no') return null;
    if (stdout.trim() === 'waits') return {copy: 'waited for'};
    throw new UnreadableReply('it does not say whether the new server waits');
  },
  desire: (_, present) => (present === null ? null : {copy: 'sent'}),
  change: (spec) => Object.assign(() => send(spec), {request: requestOf(spec)}),
  affects: () => ['*', '+'],
});

async function send({family, source, port = 3306, address, size, rate = DEFAULT_RATE, key}: MysqlSeedSpec) {
  return [
    startSending({family, address: source, port, to: address, rate, key: await key()}),
    follow('send', ['sent'], size),
  ];
}
