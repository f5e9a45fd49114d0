import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join, parse, relative} from 'node:path';
import {sha256} from '../local/digest.js';
import {userId} from '../local/this-machine.js';
import type {SourceText} from '../model/index.js';
import {INFRA} from './sources.js';

/*
 * The JavaScript of a playbook is in a directory named by the digest of everything that it was made from. It is written
 * to another directory, which is renamed when it is complete, so that a directory of this name is always complete: also
 * after a check that was killed, and with two checks at once.
 */

/** The directory of a digest among those of a playbook, where it is complete and as the compiler left it. */
export function findCompiled(directory: string, digest: string): string | undefined {
  const found = join(directory, digest);
  return isOwn(directory) && isOwn(found) && isWhole(found) ? found : undefined;
}

/** Makes a directory for the compiler, with the files by which compiled playbooks find this package. */
export function beginCompiled(directory: string): string {
  mkdirSync(directory, {recursive: true, mode: 0o700});
  const work = mkdtempSync(join(directory, 'new-'));
  const stub = join(work, 'node_modules', 'infra');
  mkdirSync(stub, {recursive: true});
  writeFileSync(join(work, 'package.json'), '{"type": "module"}');
  writeFileSync(join(stub, 'package.json'), '{"type": "module", "exports": "./index.js"}');
  writeFileSync(join(stub, 'index.js'), `export * from ${JSON.stringify(INFRA)};\n`);
  return work;
}

/** Puts what the compiler left under its digest, and deletes what is no longer needed. */
export function keepCompiled(work: string, directory: string, digest: string): string | undefined {
  const kept = join(directory, digest);
  try {
    writeFileSync(join(work, RECORD), recordOf(work));
    if (findCompiled(directory, digest) === undefined) rmSync(kept, {recursive: true, force: true});
    renameSync(work, kept);
  } catch {
    // Another check of the same files was faster, and what it made is the same; or there is no room.
    rmSync(work, {recursive: true, force: true});
  }
  tidy(directory, digest);
  return findCompiled(directory, digest);
}

/**
 * Where the JavaScript of a playbook is in its directory: below it as in a copy of the file system, so that files find
 * each other. It can be loaded without the hooks, whose thread costs a tenth of a second on Node 20. Undefined when
 * there is none, or when a file uses `import.meta`, where its place would be wrong.
 */
export function compiledPlaybook(directory: string, path: string, sources: readonly SourceText[]): string | undefined {
  const file = join(directory, relative(parse(path).root, path)).replace(/ts$/, 'js');
  return sources.some(({text}) => text.includes('import.meta')) || !existsSync(file) ? undefined : file;
}

/** The compiler's options that put the JavaScript there. */
export function outputOptions(directory: string, path: string): object {
  return {
    outDir: directory,
    rootDir: parse(path).root,
    noEmitOnError: true,
    inlineSourceMap: true,
    rewriteRelativeImportExtensions: true,
  };
}

/** In a directory: the digest of every other file in it. */
const RECORD = 'digests.json';

function isWhole(directory: string): boolean {
  try {
    return readFileSync(join(directory, RECORD), 'utf8') === recordOf(directory);
  } catch {
    return false;
  }
}

function recordOf(directory: string): string {
  const all = readdirSync(directory, {recursive: true, withFileTypes: true}).filter((each) => !each.isDirectory());
  const files = all
    .map((each) => relative(directory, join(each.parentPath, each.name)))
    .filter((name) => name !== RECORD);
  const digests = files.sort().map((name) => [name, sha256(readFileSync(join(directory, name)))]);
  return JSON.stringify(Object.fromEntries(digests));
}

/** Versions of a playbook that are kept, for users who alternate between two. */
const KEPT = 4;

/** Milliseconds after which a check is no longer running: the compiler is given two minutes. */
const ABANDONED = 10 * 60_000;

function tidy(directory: string, current: string): void {
  // Earlier versions of this package kept these.
  for (const file of [`${directory}.good`, `${directory}.json`]) rmSync(file, {force: true});
  const ageOf = (name: string) => Date.now() - (statSync(join(directory, name), {throwIfNoEntry: false})?.mtimeMs ?? 0);
  const names = readdirSync(directory).filter((name) => name !== current);
  const whole = names.filter((name) => /^[\da-f]{64}$/.test(name)).sort((one, other) => ageOf(one) - ageOf(other));
  const running = names.filter((name) => name.startsWith('new-') && ageOf(name) < ABANDONED);
  const needed = new Set([...whole.slice(0, KEPT - 1), ...running]);
  for (const name of names.filter((each) => !needed.has(each)))
    rmSync(join(directory, name), {recursive: true, force: true});
}

/**
 * Makes a directory for code that is run later, and says why it cannot be used: other users could write there. Its
 * parents must belong to this user or to root, as `/tmp` does; the directory itself to this user alone.
 */
export function faultOfDirectory(directory: string): string | undefined {
  try {
    mkdirSync(directory, {recursive: true, mode: 0o700});
    const [real, ...parents] = withParents(realpathSync(directory));
    const open = parents.find((each) => !isClosed(lstatSync(each)));
    if (real !== undefined && !isOwn(real)) return `${real} belongs to another user, or others may write to it`;
    return open === undefined ? undefined : `others may change what is in ${open}`;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** Whether it is a directory of this user that no other user may write to. */
function isOwn(directory: string): boolean {
  const status = lstatSync(directory, {throwIfNoEntry: false});
  return status?.isDirectory() === true && status.uid === userId() && (status.mode & 0o022) === 0;
}

/**
 * Whether no other user can replace what is in it. With the sticky bit, users rename and delete only their own files.
 */
function isClosed({uid, mode}: Stats): boolean {
  const isOurs = uid === 0 || uid === userId();
  return isOurs && ((mode & 0o002) === 0 || (mode & 0o1000) !== 0);
}

function withParents(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...withParents(parent)];
}
