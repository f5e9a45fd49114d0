import type {Facts} from '../../model/index.js';

/**
 * Connections at once for which a quarter of the host's memory is enough, a power of two from 1024 to 65536, so that a
 * little more or less memory after a new kernel changes nothing: 8192 with 2 GiB. A connection takes about 64 KiB: two
 * buffers of 16 KiB (`tune.bufsize`) and the state of two TLS sessions.
 */
export function connectionsFor({memory}: Pick<Facts, 'memory'>): number {
  const fitting = memory / 4 / PER_CONNECTION;
  return Math.min(65_536, Math.max(1024, 2 ** Math.floor(Math.log2(fitting))));
}

const PER_CONNECTION = 64 * 1024;
