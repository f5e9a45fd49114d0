import {spawnSync} from 'node:child_process';
import type {ReachedHost} from '../../src/engine/connect/host-pool.js';
import type {Facts} from '../../src/model/index.js';
import type {Command, Reply} from '../../src/shell/index.js';
import type {Transport} from '../../src/transport/index.js';
import {textHere} from '../support/uploads.js';

/** Facts of a host that has nothing special. */
export const FACTS: Facts = {
  ...{hostname: 'host', os: 'debian', codename: 'bookworm', version: '12', architecture: 'amd64'},
  ...{cpus: 1, memory: 1, addresses: [], interfaces: [], client: ''},
};

/** This machine as a host: each command in a shell of its own. `root` takes the place of /var/lib. */
export function localHost(root: string, facts: Partial<Facts> = {}, onClose = () => {}): ReachedHost {
  const runHere = (command: Command): Reply => {
    const input = textHere(command).replaceAll('/var/lib', root);
    const {status, stdout, stderr} = spawnSync('sh', [], {input});
    return {code: status ?? 255, stdout: stdout.toString(), stderr: stderr.toString(), truncated: false};
  };
  const connection = {
    run: async (steps: readonly {readonly command: Command}[]) => steps.map(({command}) => runHere(command)),
    keep: async (command: Command) => runHere(command),
    stop: () => {},
    close: async () => onClose(),
  };
  return {connection, facts: {...FACTS, ...facts}};
}

/** For runs whose hosts are reached in another way: nobody connects. */
export const NO_TRANSPORT: Transport = {
  connect: ({name}) => Promise.reject(new Error(`${name} is not to be connected to`)),
};
