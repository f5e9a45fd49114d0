import {bootstrapCommand} from '../../../src/transport/bootstrap.js';
import type {Transport} from '../../../src/transport/index.js';
import {localShell} from './local-channel.js';

/**
 * This machine as every host: the real remote loop in a local `sh`, without SSH. `isolated`: each connection has a mount
 * namespace of its own, where /var/lib is an empty disk. That needs root.
 */
export function localTransport({isolated = false} = {}): Transport {
  const loop = bootstrapCommand(false);
  const own = [
    'unshare',
    '--mount',
    '--propagation',
    'private',
    'sh',
    '-c',
    `mount -t tmpfs tmpfs /var/lib && ${loop}`,
  ];
  return {
    connect: async (_host, {signal} = {}) => {
      signal?.throwIfAborted();
      const {shell} = localShell(isolated ? own : ['sh', '-c', loop]);
      signal?.addEventListener('abort', () => shell.close(), {once: true});
      await shell.ready();
      return {
        run: (steps, options) => shell.run(steps, options),
        keep: (command, options) => shell.keep(command, options),
        stop: () => shell.stop(),
        close: async () => shell.close(),
      };
    },
  };
}
