import {LabError} from './error.js';
import {run, tryRun} from './run.js';

/** The bridge that carries the lab. */
export const bridge = 'infra-lab';

/** This machine's own address on the bridge; RFC 2544's benchmark range is neither public nor private. */
export const gatewayAddress = '198.18.0.1';

/** Makes the bridge with this machine's address on it; one that is already there is kept. */
export async function raiseBridge(): Promise<void> {
  const holder = addressHolder(await run('ip', ['-4', '-oneline', 'address', 'show']));
  if (holder === bridge) return;
  if (holder) {
    throw new LabError(
      'address-taken',
      `${gatewayAddress} is already on the interface ${holder}`,
      `Free it (ip address del ${gatewayAddress}/24 dev ${holder}) or use another machine.`,
    );
  }
  if (!(await bridgeExists())) await run('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await run('ip', ['address', 'add', `${gatewayAddress}/24`, 'dev', bridge]);
  await run('ip', ['link', 'set', bridge, 'up']);
}

/** Removes the bridge if it is there. */
export async function removeBridge(): Promise<void> {
  if (await bridgeExists()) await run('ip', ['link', 'delete', bridge]);
}

/** Whether the bridge is there; without it the lab's addresses would leave by the machine's default route. */
export async function bridgeExists(): Promise<boolean> {
  return (await tryRun('ip', ['link', 'show', bridge])).code === 0;
}

/** The interface that carries the lab's gateway address, out of `ip -4 -oneline address show`. */
export function addressHolder(text: string): string | undefined {
  const line = text.split('\n').find((each) => each.includes(` inet ${gatewayAddress}/`));
  return line?.split(/\s+/)[1];
}
