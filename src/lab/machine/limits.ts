import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {LabPaths} from '../paths.js';

const limitFile = '/proc/sys/fs/inotify/max_user_instances';

/** A host's systemd and services hold about 8 inotify instances, all root's; Linux allows 128 unless told otherwise. */
const raisedLimit = 1024;

/** Lets many hosts run: beyond the kernel's usual limit the 15th host's process 1 ends with 255 and no message. */
export async function raiseInotifyLimit(paths: LabPaths): Promise<void> {
  const limit = Number(await readFile(limitFile, 'utf8'));
  if (limit >= raisedLimit) return;
  await writeFile(recordOf(paths), `${limit}\n`);
  await writeFile(limitFile, `${raisedLimit}`);
}

/** Puts the machine's limit back if the lab raised it and nobody has changed it since. */
export async function restoreInotifyLimit(paths: LabPaths): Promise<void> {
  const former = await readFile(recordOf(paths), 'utf8').catch(() => '');
  const limit = Number(await readFile(limitFile, 'utf8'));
  if (former && limit === raisedLimit) await writeFile(limitFile, former.trim());
}

function recordOf(paths: LabPaths) {
  return join(paths.state, 'inotify-limit');
}
