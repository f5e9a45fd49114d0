import type {ConnectOptions, Transport} from '../transport.js';
import {connect} from './connect.js';

export {scanHostKeys} from './scan-host-keys.js';

/** Connections that are opened at the same time: more handshakes only make each other late. */
const MOST_AT_ONCE = 32;

/**
 * SSH by node-ssh over ssh2, both in JavaScript. `env` names the SSH agent. All connections of one transport take turns
 * to be opened. `usual`: for those that say nothing else.
 */
export function ssh2Transport(env: NodeJS.ProcessEnv, usual: Pick<ConnectOptions, 'dialSeconds'> = {}): Transport {
  const inTurn = newTurns(MOST_AT_ONCE);
  return {connect: (host, options) => connect(host, {...usual, ...options, env, inTurn})};
}

/** Begins at most `most` pieces of work at the same time; others wait for their turn, in order. */
function newTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
