import {existsSync} from 'node:fs';
import {platform} from 'node:os';
import {userId} from '../../local/this-machine.js';
import {LabError} from '../error.js';

/** What the lab runs on the machine: a file that must exist, and the Debian package that brings it. */
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

/** The packages that bring them, each once. */
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
