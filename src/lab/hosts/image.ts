import {existsSync} from 'node:fs';
import {chmod, mkdir, mkdtemp, readdir, readFile, rename, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {AptSettings, LabPaths} from '../lab.js';
import {renderBuildAptConf} from '../machine/apt-settings.js';
import {deleteTree} from '../machine/delete.js';
import {run} from '../machine/run.js';
import {mirrorsIn} from '../machine/squid.js';
import {type LabSuite, labSuites} from './host.js';

// Raise it when the content of images changes; `infra lab down` deletes images of other versions.
const imageVersion = 2;

/** A bare Debian server: systemd, sshd, sudo and what Debian's installer always adds. No Python: hosts need none. */
const packages =
  'systemd,systemd-sysv,dbus,openssh-server,sudo,iproute2,ca-certificates,nftables,procps,netbase,iputils-ping,kmod,cron,logrotate';

/** The directory of a suite's base image. */
export function imageDirectory(paths: LabPaths, suite: LabSuite): string {
  return join(paths.cache, 'images', `${suite}-${imageVersion}`);
}

/** Builds a suite's base image (20 to 60 s) unless the cache holds it. An interrupted build is never used. */
export async function buildImage(
  paths: LabPaths,
  suite: LabSuite,
  settings: AptSettings,
  report: (line: string) => void,
): Promise<void> {
  const finished = imageDirectory(paths, suite);
  if (existsSync(finished)) return;
  report(`Building the ${suite} base image, once (about a minute)`);
  const images = dirname(finished);
  await mkdir(images, {recursive: true, mode: 0o755});
  // A unique name: an interrupted build may still be writing to its directory.
  const building = await mkdtemp(join(images, 'building-'));
  await chmod(building, 0o755);
  const settingsFile = join(building, 'apt.conf');
  await writeFile(settingsFile, renderBuildAptConf(suite, settings), {mode: 0o600});
  await bootstrap(suite, join(building, 'root'), settingsFile);
  await rename(join(building, 'root'), finished);
  await deleteTree(building);
}

/** The host names of the mirrors in all base images, which hosts may reach through the proxy. */
export async function imageMirrors(paths: LabPaths): Promise<readonly string[]> {
  const images = join(paths.cache, 'images');
  const names = (await readdir(images)).filter((name) => /^[a-z]+-\d+$/.test(name)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(images, name, 'etc/apt/sources.list'), 'utf8')));
  return [...mirrorsIn(texts.join('\n'))].sort();
}

// In a mount namespace of its own, so that a killed build leaves no /dev or /proc mounted in a tree to be deleted.
async function bootstrap(suite: LabSuite, directory: string, settingsFile: string) {
  const include = suite === 'bookworm' ? packages : `${packages},linux-sysctl-defaults`;
  const hooks = prepare.map((command) => `--customize-hook=${command}`);
  const options = ['--variant=minbase', `--include=${include}`, `--aptopt=${settingsFile}`, ...hooks];
  await run('unshare', ['--mount', '--propagation', 'private', 'mmdebstrap', ...options, suite, directory]);
}

/** Deletes images that this version of the lab cannot use. Call it only while no host runs: its disk may use one. */
export async function removeOldImages(paths: LabPaths): Promise<void> {
  const images = join(paths.cache, 'images');
  const names: string[] = await readdir(images).catch(() => []);
  const current = labSuites.map((suite) => imageDirectory(paths, suite));
  const old = names.map((name) => join(images, name)).filter((path) => !current.includes(path));
  for (const path of old) await deleteTree(path);
}

// What all hosts of the lab have in common; the rest is each host's identity.
const prepare = [
  'chroot "$1" useradd --create-home --uid 1000 --shell /bin/bash deploy',
  'echo "deploy ALL=(ALL:ALL) NOPASSWD: ALL" >"$1/etc/sudoers.d/deploy" && chmod 440 "$1/etc/sudoers.d/deploy"',
  'chroot "$1" systemctl enable systemd-networkd ssh',
  'rm -f "$1/etc/resolv.conf" "$1/etc/hostname" "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1"/etc/ssh/ssh_host_*',
  ': >"$1/etc/machine-id"',
];
