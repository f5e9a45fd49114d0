import {spawnSync} from 'node:child_process';
import {dirname} from 'node:path';
import {InputError} from '../model/index.js';

/** Throws `InputError` when a file lies in a Git repository that does not ignore it. Its directory must exist. */
export function refuseUnignored(file: string): void {
  // 0: ignored, 1: not ignored, 128: no repository; no status: no git.
  const {status} = spawnSync('git', ['check-ignore', '--quiet', '--', file], {cwd: dirname(file), stdio: 'ignore'});
  if (status !== 1) return;
  const message = `${file} would hold a private key, and Git does not ignore it`;
  throw new InputError([
    {
      message,
      hint: 'add the line ".infra/" to .gitignore; if it was committed, run git rm --cached and replace it: infra secrets rotate',
    },
  ]);
}
