import {type Dirent, readdirSync, realpathSync, statSync} from 'node:fs';
import path from 'node:path';
import {didYouMean} from '../../model/index.js';

/** A file of a directory on this machine. */
export interface LocalFile {
  /** Relative to the directory, with `/`. */
  readonly name: string;
  /** Absolute, links followed. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** The files of a directory, or its faults: sentences that continue "option directory: ". */
export type LocalDirectory = {readonly files: readonly LocalFile[]} | {readonly faults: readonly string[]};

/**
 * The files of a directory and all directories in it, by name. Names that begin with a dot are left out, except
 * `.well-known`. A link to a file of the directory counts as that file. Refused is a directory that is missing, empty
 * or too large to be read at every plan, and one with a link that leads out of it or to a directory, or with an entry
 * that is not a file.
 */
export function readDirectory(directory: string): LocalDirectory {
  const root = path.resolve(directory);
  const found = statSync(root, {throwIfNoEntry: false});
  if (!found) return {faults: [`there is no directory ${root}${nearest(root)}`]};
  if (!found.isDirectory()) return {faults: [`${directory} is not a directory; name the directory of the file`]};
  try {
    const entries = walk(root, '');
    const faults = [...entries.filter((entry) => typeof entry === 'string'), ...tooMuch(entries.filter(isFile))];
    return faults.length > 0 ? {faults: faults.slice(0, MOST_FAULTS)} : {files: entries.filter(isFile)};
  } catch (error) {
    return {faults: [`it cannot be read: ${error instanceof Error ? error.message : error}`]};
  }
}

function nearest(root: string): string {
  const parent = path.dirname(root);
  if (!statSync(parent, {throwIfNoEntry: false})?.isDirectory())
    return '; paths are relative to the directory that infra runs in';
  const directories = readdirSync(parent, {withFileTypes: true}).filter((entry) => entry.isDirectory());
  const hint = didYouMean(
    path.basename(root),
    directories.map(({name}) => name),
  );
  return hint === undefined ? '; paths are relative to the directory that infra runs in' : `. ${hint}`;
}

function walk(root: string, inside: string): (LocalFile | string)[] {
  const entries = readdirSync(path.join(root, inside), {withFileTypes: true}).filter(isShown);
  return entries.sort(byName).flatMap((entry) => {
    const name = path.posix.join(inside, entry.name);
    return entry.isDirectory() ? walk(root, name) : [readEntry(root, name, entry)];
  });
}

const isShown = ({name}: Dirent) => !name.startsWith('.') || name === '.well-known';

const byName = (one: Dirent, other: Dirent) => (one.name < other.name ? -1 : 1);

function readEntry(root: string, name: string, entry: Dirent): LocalFile | string {
  const file = path.join(root, name);
  const found = statSync(file, {throwIfNoEntry: false});
  if (!found) return `${name} is a broken link; fix or delete it`;
  if (entry.isSymbolicLink() && !isInside(realpathSync(root), realpathSync(file))) {
    return `${name} is a link that leads out of the directory; put a copy in its place`;
  }
  if (found.isDirectory()) return `${name} is a link to a directory; put a copy in its place`;
  if (!found.isFile()) return `${name} is neither a file nor a directory; delete it`;
  return {name, path: realpathSync(file), size: found.size};
}

function isInside(root: string, file: string): boolean {
  return file.startsWith(`${root}${path.sep}`);
}

const isFile = (entry: LocalFile | string): entry is LocalFile => typeof entry !== 'string';

function tooMuch(files: readonly LocalFile[]): string[] {
  const total = files.reduce((sum, {size}) => sum + size, 0);
  const large = files.filter(({size}) => size > MOST_BYTES);
  return [
    ...(files.length === 0 ? ['it has no file to serve; build the site first'] : []),
    ...(files.length > MOST_FILES ? [`it has ${files.length} files, more than ${MOST_FILES}${DEPLOY}`] : []),
    ...(total > MOST_TOTAL ? [`it has ${inMebibytes(total)}, more than ${inMebibytes(MOST_TOTAL)}${DEPLOY}`] : []),
    ...large.map(({name, size}) => `${name} has ${inMebibytes(size)}, more than ${inMebibytes(MOST_BYTES)}${DEPLOY}`),
  ];
}

const inMebibytes = (bytes: number) => `${Math.ceil(bytes / MEBIBYTE)} MiB`;

const DEPLOY = '; let the servers fetch large files, in a task of your own';

const MEBIBYTE = 2 ** 20;

/** Each file is probed on every host at every plan, which takes two processes there. */
const MOST_FILES = 1000;

/** A file is sent in the script that writes it, and the shell there keeps it in memory. */
const MOST_BYTES = 16 * MEBIBYTE;

const MOST_TOTAL = 64 * MEBIBYTE;

const MOST_FAULTS = 10;
