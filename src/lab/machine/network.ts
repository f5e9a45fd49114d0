import {existsSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {LabError} from '../lab.js';
import {run, tryRun} from './run.js';

/** The bridge that carries the lab. */
export const bridge = 'infra-lab';

/** This machine's own address on the bridge; RFC 2544's benchmark range is neither public nor private. */
export const gatewayAddress = '198.18.0.1';

/**
 * The IPv6 address of a host, with the digits of the last byte of its lab address: fd12:c618::31 for 198.18.0.31. The
 * prefix is a unique local one (RFC 4193): like RFC 2544's range it is not routed anywhere.
 */
export function labAddress6(address: string): string {
  return `fd12:c618::${address.slice(address.lastIndexOf('.') + 1)}`;
}

/** Makes the bridge with this machine's addresses on it, unless it exists. */
export async function raiseBridge(): Promise<void> {
  const holder = addressHolder(await run('ip', ['-4', '-oneline', 'address', 'show']));
  if (holder !== bridge) await makeBridge(holder);
  await addAddress6();
}

async function makeBridge(holder: string | undefined) {
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

// Container engines switch IPv6 off on new interfaces; a kernel without IPv6 leaves the lab with IPv4 alone.
async function addAddress6() {
  const off = `/proc/sys/net/ipv6/conf/${bridge}/disable_ipv6`;
  if (!existsSync(off)) return;
  await writeFile(off, '0');
  await run('ip', ['address', 'replace', `${labAddress6(gatewayAddress)}/64`, 'dev', bridge, 'nodad']);
}

/** Removes the bridge if it exists. */
export async function removeBridge(): Promise<void> {
  if (await bridgeExists()) await run('ip', ['link', 'delete', bridge]);
}

/** Whether the bridge exists; without it packets to the lab's addresses would leave by the machine's default route. */
export async function bridgeExists(): Promise<boolean> {
  return (await tryRun('ip', ['link', 'show', bridge])).code === 0;
}

/** The interface that carries the lab's gateway address, out of `ip -4 -oneline address show`. */
export function addressHolder(text: string): string | undefined {
  const line = text.split('\n').find((each) => each.includes(` inet ${gatewayAddress}/`));
  return line?.split(/\s+/)[1];
}
