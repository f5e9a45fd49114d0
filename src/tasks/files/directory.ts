import {posix} from 'node:path';
import {check, defineTask, optionsOf, UnreadableReply} from '../../model/index.js';
import {type Command, OURS, raw, sh, showAs} from '../../shell/index.js';
import {presence} from '../shared/checks.js';
import {deleteIn, giveDirectory, makeDirectory} from '../shared/make-directory.js';
import {desiredOwnership, OWNERSHIP, type Ownership, ownershipOf, refuseOwnership} from '../shared/ownership.js';
import {refuseDelete, refusePath} from '../shared/path.js';
import {parseStatus, probeStatus} from '../shared/stat.js';

export interface DirectorySpec extends Ownership {
  /** Absolute, without a slash at the end. */
  readonly path: string;
  /** `absent` deletes it with everything in it. Default `present`. */
  readonly state?: 'present' | 'absent' | undefined;
}

interface DirectoryState {
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly type: string;
}

/**
 * A directory. Parents that are missing are made too, with mode 0755. A link to a directory counts as one. `absent`
 * deletes it with everything in it, but never follows a link, never enters another file system, and refuses the
 * directories that make up the system.
 *
 * @example
 * directory({path: '/srv/app', owner: 'app', mode: '0750'})
 */
export const directory = defineTask({
  type: 'directory',
  options: optionsOf<DirectorySpec>({path: check.text, state: presence, ...OWNERSHIP}),
  id: (spec: DirectorySpec) => spec.path,
  refuse: (spec) =>
    refusePath(spec.path) ?? refuseOwnership(spec) ?? (spec.state === 'absent' ? refuseDelete(spec.path) : undefined),
  probe: ({path}) => sh`${probeStatus(path)}; [ -L "$f" ] || exit 0
${LINK_OF_OURS}
[ -d "$f" ] && { echo directory; stat -L -c %f:%s:%u:%U:%g:%G -- "$f"; exit; }; :`,
  parse: (reply, spec): Partial<DirectoryState> | null => {
    const {status, rest} = parseStatus(reply);
    if (status === null) return null;
    if (status.kind === 'link' && spec.state === 'absent') return {type: 'link'};
    const [, behind] = /^directory\n(.*)/.exec(rest) ?? [];
    const found = behind === undefined ? status : parseStatus({...reply, stdout: behind}).status;
    if (found?.kind === 'directory') return ownershipOf(found, spec);
    throw new UnreadableReply(`${spec.path} is ${NAMES[status.kind]}, not a directory; remove it first`);
  },
  desire: (spec, present) => {
    if (spec.state === 'absent') return null;
    return {...(present === null && {mode: '0755'}), ...desiredOwnership(spec)};
  },
  change: ({path}, to, present) => {
    if (to === null) return [deleteTree(path)];
    if (present !== null) return [giveDirectory(path, to, to.mode ?? present.mode)];
    const {mode = '0755', ...hands} = to;
    return [makeDirectory(path, mode), giveDirectory(path, hands, mode)];
  },
  affects: ({path}) => [path],
});

function deleteTree(path: string): Command {
  const shown = String(sh`rm -rf --one-file-system -- ${path}`);
  return showAs(shown, deleteIn(posix.dirname(path), [posix.basename(path)]));
}

const NAMES = {file: 'a file', link: 'a link to something', other: 'a special file', directory: 'a directory'} as const;

/** A link that another user could have put there is not taken for the directory it leads to. */
const LINK_OF_OURS = sh`${OURS}
ours ${raw(`"\${f%/*}/."`)} || { echo "$f is a link in a directory that others may change, so it is not followed" >&2; exit 1; }`;
