import {createHash} from 'node:crypto';
import {cutOff, hostProcess} from '../../src/lab/hosts/boot.js';
import type {LabHost} from '../../src/lab/hosts/host.js';
import {recordedHosts} from '../../src/lab/hosts/host.js';
import type {Lab} from '../../src/lab/lab.js';
import {LabError, labPaths} from '../../src/lab/lab.js';
import {gatherAptSettings} from '../../src/lab/machine/apt-settings.js';
import {withLabLock} from '../../src/lab/machine/lock.js';
import {resetHosts, resetHostsTo} from '../../src/lab/reset.js';
import {forgetStates, saveHosts} from '../../src/lab/save.js';
import {raiseLab} from '../../src/lab/up.js';
import {lockFile} from '../../src/local/lock.js';
import {askHost, labTest, type TestHost, writeInventory} from './lab.js';
import {noteTime} from './timing.js';

/*
 * Boots hosts for a test file. Most files have hosts of their own, named and addressed unlike anybody else's, and begin
 * with bare ones. Some share hosts, which one file has at a time, and begin with packages installed, from a saved state.
 */

type Hosts = Readonly<Record<string, TestHost>>;

/** Hosts that files share, by their names: one file after the other, from a state in which the packages are installed. */
export type SharedHosts = Readonly<Record<string, Pick<TestHost, 'address' | 'suite'> & {readonly packages: string}>>;

/** A balancer of each release, and a web server. */
export const RELEASES = {
  'rel-12': {address: '198.18.0.71', suite: 'bookworm', packages: 'haproxy keepalived'},
  'rel-13': {address: '198.18.0.70', suite: 'trixie', packages: 'haproxy keepalived'},
  'rel-sid': {address: '198.18.0.72', suite: 'sid', packages: 'haproxy keepalived'},
  'rel-web': {address: '198.18.0.73', suite: 'trixie', packages: 'nginx-light'},
} as const satisfies SharedHosts;

/** The names of what this file has booted. */
const booted = new Set<string>();

/** Boots these hosts bare. Returns the file of an inventory of them. */
export async function bareHosts(hosts: Hosts): Promise<string> {
  const wanted = Object.entries(hosts).map(([name, host]) => labHostOf(name, host));
  await changeLab((lab) => boot(lab, wanted));
  return writeInventory(hosts);
}

/**
 * Waits until no other file has any of these hosts, and boots those that are named, with their packages. The first time
 * it installs these and saves the state.
 */
export async function sharedHosts(shared: SharedHosts, names: readonly string[]): Promise<void> {
  // Other hosts or packages are another state.
  const digest = createHash('sha256').update(JSON.stringify(shared)).digest('hex');
  const state = `packages-${digest.slice(0, 8)}`;
  await takeTurn(state);
  for (const name of names) booted.add(name);
  if (await changeLab((lab) => restore(lab, state, names))) return;
  const hosts = Object.entries(shared).map(([name, host]) => labHostOf(name, host));
  await changeLab((lab) => boot(lab, hosts));
  await Promise.all(Object.entries(shared).map(([name, {packages}]) => askHost(name, installed(packages))));
  await changeLab((lab) => saveHosts(lab, state, Object.keys(shared)));
}

/** Shell text: packages are there, and as Debian leaves them. */
function installed(packages: string): string {
  return `export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -qqy --no-install-recommends ${packages} >/dev/null 2>&1`;
}

async function boot(lab: Lab, wanted: readonly LabHost[]): Promise<void> {
  const running = (await recordedHosts(lab.paths)).filter(({name}) => hostProcess(lab.paths, name));
  const dirty = wanted.filter(({name}) => running.some((host) => host.name === name));
  await raiseLab(lab, wanted);
  if (dirty.length > 0)
    await resetHosts(
      lab,
      dirty.map(({name}) => name),
    );
  for (const {name} of wanted) booted.add(name);
}

/** Whether there was such a state. One whose layers are gone is deleted. */
async function restore(lab: Lab, state: string, names: readonly string[]): Promise<boolean> {
  try {
    await resetHostsTo(lab, state, names);
    return true;
  } catch (error) {
    if (!(error instanceof LabError && /^(unknown|bad)-state$/.test(error.reason))) throw error;
    if (error.reason === 'bad-state') await forgetStates(lab.paths, [state]);
    return false;
  }
}

function labHostOf(name: string, {address, suite = 'trixie'}: Pick<TestHost, 'address' | 'suite'>): LabHost {
  return {name, address, suite};
}

async function changeLab<Result>(work: (lab: Lab) => Promise<Result>): Promise<Result> {
  const lab = {
    paths: labPaths(process.cwd(), process.env),
    settings: await gatherAptSettings(process.env),
    report: () => {},
  };
  return withLabLock(
    () => {},
    () => work(lab),
  );
}

/** Only one file at a time has the hosts of a state, until its last hook. */
async function takeTurn(state: string): Promise<void> {
  const began = performance.now();
  const unlock = await lockFile(`/run/infra-test-${state}.lock`, 3600);
  if (!unlock) throw new Error(`another test file has had the hosts of ${state} for an hour`);
  noteTime((began - performance.now()) / 1000);
  giveBack.push(unlock);
}

const giveBack: (() => void)[] = [];

// Hosts that only wait cost time all the same: their balancers ask their servers for their health.
labTest.after.always('hosts are given back', async () => {
  if (process.env.INFRA_TEST_TIMES !== undefined) {
    await Promise.all([...booted].map((name) => cutOff(labPaths(process.cwd(), process.env), name)));
  }
  for (const unlock of giveBack) unlock();
});
