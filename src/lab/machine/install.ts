import {existsSync} from 'node:fs';
import {rm, writeFile} from 'node:fs/promises';
import {LabError} from '../error.js';
import {run, tryRun} from './run.js';

const policyFile = '/usr/sbin/policy-rc.d';

/**
 * Installs packages on this machine with apt. Packaged services are kept from starting, and squid's from starting at
 * the next boot when this call brought squid: the lab runs a squid of its own.
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

// Debian's invoke-rc.d asks this script before it starts a service; 101 means no (policy-rc.d.txt, Debian Policy 9.3.3).
async function withServicesKeptStopped(work: () => Promise<void>) {
  const ours = !existsSync(policyFile);
  if (ours) await writeFile(policyFile, '#!/bin/sh\nexit 101\n', {mode: 0o755, flag: 'wx'});
  try {
    await work();
  } finally {
    if (ours) await rm(policyFile, {force: true});
  }
}
