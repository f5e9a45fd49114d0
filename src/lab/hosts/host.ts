import {LabError} from '../error.js';

/** The Debian releases a lab host can run. */
export const labSuites = ['trixie', 'bookworm', 'sid'] as const;

/** One of `labSuites`. */
export type LabSuite = (typeof labSuites)[number];

/**
 * A disposable host: its name (also its hostname), its address in 198.18.0.0/24 (`labAddress6` gives the other), and
 * the release it runs.
 */
export type LabHost = {readonly name: string; readonly address: string; readonly suite: LabSuite};

/** Whether `text` names a release the lab can build. */
export function isLabSuite(text: string): text is LabSuite {
  return labSuites.some((suite) => suite === text);
}

/** Throws `LabError` naming the first host whose name or address the lab cannot use, or that clashes with another. */
export function checkHosts(hosts: readonly LabHost[]): void {
  for (const [index, host] of hosts.entries()) {
    checkName(host);
    checkAddress(host);
    const clash = hosts.slice(0, index).find(({name, address}) => name === host.name || address === host.address);
    if (clash)
      throw new LabError(
        'bad-host',
        `${host.name} and ${clash.name} share a name or the address ${host.address}`,
        'Give every lab host a name and an address of its own.',
      );
  }
}

// A hostname of one label, RFC 1123; it is also a directory name and a control group's name.
function checkName({name}: LabHost) {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return;
  throw new LabError(
    'bad-host',
    `${JSON.stringify(name)} cannot be a lab host's name`,
    'Use lower case letters, digits and hyphens.',
  );
}

function checkAddress({name, address}: LabHost) {
  const last = /^198\.18\.0\.(\d{1,3})$/.exec(address)?.[1];
  if (last && Number(last) >= 2 && Number(last) <= 254) return;
  throw new LabError(
    'bad-host',
    `${name}: ${address} is outside the lab's network`,
    'Use an address from 198.18.0.2 to 198.18.0.254.',
  );
}
