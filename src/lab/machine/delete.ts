import {readFile} from 'node:fs/promises';
import {LabError} from '../lab.js';
import {run} from './run.js';

/** Deletes a file or directory of the lab. Throws `LabError` while anything is mounted in it; never enters a mount. */
export async function deleteTree(path: string): Promise<void> {
  const mounted = mountsUnder(await readFile('/proc/self/mountinfo', 'utf8'), path);
  if (mounted.length > 0) {
    throw new LabError(
      'busy',
      `${mounted[0]} is mounted inside ${path}, which is to be deleted`,
      `Unmount it: umount ${mounted[0]}`,
    );
  }
  await run('rm', ['--recursive', '--force', '--one-file-system', '--', path]);
}

/** The mount points at or below `path`, out of `/proc/self/mountinfo`, deepest first. */
export function mountsUnder(mountinfo: string, path: string): readonly string[] {
  return mountinfo
    .split('\n')
    .map((line) => unescapeMount(line.split(' ')[4] ?? ''))
    .filter((point) => point === path || point.startsWith(`${path}/`))
    .reverse();
}

// proc(5): space, tab, newline and backslash are written as octal escapes.
function unescapeMount(text: string) {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
