import {randomBytes} from 'node:crypto';
import {existsSync} from 'node:fs';
import {chmod, mkdir, symlink} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {namesIn, readIfPossible} from '../../local/read-file.js';
import {replaceFile} from '../../local/write-file.js';
import {hostDirectory, type LabPaths} from '../lab.js';
import {deleteTree} from '../machine/delete.js';

/**
 * The layers of a host's disk by the names of their directories in `disk`: `base` is a link to the base image, `layers`
 * are on top of it, oldest first, and nothing writes to them; the host writes to `upper`.
 */
export type Disk = {readonly base: string; readonly layers: readonly string[]; readonly upper: string};

/**
 * fsconfig(2) takes 255 bytes, and libmount before 2.40 passes all lower layers as one text. That is enough for more
 * than 30 saved states on top of each other.
 */
const MOST_BYTES = 255;

/** The option `lowerdir` of overlayfs for a disk, newest layer first, relative to `disk`. */
export function lowerLayers({base, layers}: Pick<Disk, 'base' | 'layers'>): string {
  return [...layers].reverse().concat(base).join(':');
}

/** Whether there is room for one more layer. */
export function hasRoom(disk: Pick<Disk, 'base' | 'layers'>): boolean {
  return lowerLayers(disk).length <= MOST_BYTES;
}

/** The disk of a host, running or not; undefined when none was made completely. */
export function loadDisk(paths: LabPaths, name: string): Disk | undefined {
  return parseDisk(readIfPossible(recordFile(paths, name)) ?? '');
}

/** Parses what `takeDisk` writes: `BASE LAYER... UPPER`. */
export function parseDisk(text: string): Disk | undefined {
  const [base, ...rest] = text.trim().split(' ');
  const upper = rest.pop();
  return base && upper ? {base, layers: rest, upper} : undefined;
}

/** Makes an empty layer on top of others for a host that is off. The host uses it only after `takeDisk`. */
export async function addLayer(paths: LabPaths, name: string, below: Pick<Disk, 'base' | 'layers'>): Promise<Disk> {
  const upper = randomBytes(3).toString('hex');
  const directory = diskDirectory(paths, name);
  await mkdir(directory, {recursive: true, mode: 0o700});
  for (const made of [upper, workOf(upper), 'root']) await makeDirectory(join(directory, made));
  return {base: below.base, layers: below.layers, upper};
}

/** Links a base image into a host's disk; returns the link's name. */
export async function linkBase(paths: LabPaths, name: string, image: string): Promise<string> {
  const base = basename(image);
  const link = join(diskDirectory(paths, name), base);
  await mkdir(diskDirectory(paths, name), {recursive: true, mode: 0o700});
  if (!existsSync(link)) await symlink(image, link);
  return base;
}

/** Gives a host this disk, in one step: an interruption leaves the old one or the new one. */
export function takeDisk(paths: LabPaths, name: string, {base, layers, upper}: Disk): void {
  replaceFile(recordFile(paths, name), `${[base, ...layers, upper].join(' ')}\n`);
}

/** Whether every layer of a disk exists. */
export function hasLayers(paths: LabPaths, name: string, {base, layers}: Pick<Disk, 'base' | 'layers'>): boolean {
  return [base, ...layers].every((layer) => existsSync(join(diskDirectory(paths, name), layer)));
}

/** Deletes what neither the host's own disk nor one of `kept`, layers of saved states, needs. */
export async function deleteUnused(paths: LabPaths, name: string, kept: readonly string[]): Promise<void> {
  const disk = loadDisk(paths, name);
  const own = disk ? [disk.base, ...disk.layers, disk.upper, workOf(disk.upper)] : [];
  const needed = new Set(['root', basename(recordFile(paths, name)), ...own, ...kept]);
  const directory = diskDirectory(paths, name);
  for (const entry of namesIn(directory)) if (!needed.has(entry)) await deleteTree(join(directory, entry));
}

/**
 * The directory that holds a host's layers. It is closed to other users, who must not be able to run setuid programs of
 * a host.
 */
export function diskDirectory(paths: LabPaths, name: string): string {
  return join(hostDirectory(paths, name), 'disk');
}

function recordFile(paths: LabPaths, name: string) {
  return join(diskDirectory(paths, name), 'layers');
}

/** The directory that overlayfs needs next to an upper layer. */
function workOf(upper: string) {
  return `${upper}.work`;
}

/**
 * Makes a directory with mode 0755: in the upper layer it hides the mode of the base's. It needs chmod because mkdir
 * obeys the caller's umask.
 */
export async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, {recursive: true});
  await chmod(path, 0o755);
}
