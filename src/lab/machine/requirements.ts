import {existsSync} from 'node:fs';
import {rm, writeFile} from 'node:fs/promises';
import {platform} from 'node:os';
import {userId} from '../../local/this-machine.js';
import {LabError} from '../lab.js';
import {run, tryRun} from './run.js';

/**
 * Something that the lab needs on the machine: the files of which one must exist, and the Debian package that has it.
 */
type Requirement = {readonly name: string; readonly package: string; readonly files: readonly string[]};

const requirements: readonly Requirement[] = [
  tool('systemd-nspawn', 'systemd-container'),
  tool('mmdebstrap', 'mmdebstrap'),
  tool('squid', 'squid'),
  tool('ip', 'iproute2'),
  tool('ssh', 'openssh-client'),
  tool('ssh-keygen', 'openssh-client'),
  tool('unshare', 'util-linux'),
  tool('nsenter', 'util-linux'),
  tool('mount', 'mount'),
  {
    name: "Debian's archive keys",
    package: 'debian-archive-keyring',
    files: ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp'],
  },
];

/** The requirements that this machine lacks. `exists` is a parameter for tests. */
export function missingRequirements(exists: (path: string) => boolean = existsSync): readonly Requirement[] {
  return requirements.filter(({files}) => !files.some(exists));
}

/** The packages that have them, each once. */
export function packagesOf(missing: readonly Requirement[]): readonly string[] {
  return [...new Set(missing.map((requirement) => requirement.package))];
}

/** Throws `LabError` unless this is Linux and the user is root. */
export function requireRootOnLinux(system: string = platform(), uid = userId()): void {
  if (system !== 'linux') {
    throw new LabError(
      'unsupported-machine',
      `The lab needs Linux; this is ${system}`,
      'Run it on a Linux machine or in a VM.',
    );
  }
  if (uid !== 0) {
    throw new LabError(
      'unsupported-machine',
      'The lab boots real hosts and needs root',
      'Run the same command with sudo.',
    );
  }
}

/** Throws `LabError` naming the missing tools and the two ways to get them. */
export function requirePackages(missing: readonly Requirement[]): void {
  if (missing.length === 0) return;
  const names = missing.map(({name}) => name).join(', ');
  throw new LabError(
    'missing-packages',
    `The lab needs ${names}, which this machine lacks`,
    `Run \`infra lab up --install\`, or: apt-get install ${packagesOf(missing).join(' ')}`,
  );
}

function tool(name: string, from: string): Requirement {
  return {
    name,
    package: from,
    files: ['/usr/bin', '/usr/sbin', '/bin', '/sbin'].map((directory) => `${directory}/${name}`),
  };
}

const policyFile = '/usr/sbin/policy-rc.d';

/**
 * Installs packages on this machine with apt. Their services are not started, and squid's not at the next boot either
 * when this call installed squid: the lab runs its own squid.
 */
export async function installPackages(packages: readonly string[]): Promise<void> {
  if (!existsSync('/usr/bin/apt-get')) {
    throw new LabError('missing-packages', 'This machine has no apt', `Install ${packages.join(', ')} by hand.`);
  }
  await withServicesKeptStopped(async () => {
    await run('apt-get', ['update', '--quiet']);
    await run('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], {
      DEBIAN_FRONTEND: 'noninteractive',
    });
  });
  if (packages.includes('squid')) await tryRun('update-rc.d', ['squid', 'disable']);
}

// Debian's invoke-rc.d asks this script before it starts a service; 101 means no (policy-rc.d.txt, Debian Policy
// 9.3.3).
async function withServicesKeptStopped(work: () => Promise<void>) {
  const ours = !existsSync(policyFile);
  if (ours) await writeFile(policyFile, '#!/bin/sh\nexit 101\n', {mode: 0o755, flag: 'wx'});
  try {
    await work();
  } finally {
    if (ours) await rm(policyFile, {force: true});
  }
}
