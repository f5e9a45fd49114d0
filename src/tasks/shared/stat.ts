import {UnreadableReply} from '../../model/index.js';
import {type Command, type Reply, raw, sh} from '../../shell/index.js';

/** What `stat` reports about a path that exists. */
export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  /** Four octal digits. */
  readonly mode: string;
  readonly uid: string;
  readonly owner: string;
  readonly gid: string;
  readonly group: string;
}

/** The first line that a probe prints for a path that does not exist. */
const ABSENT = 'absent';

/**
 * Shell text that ends a probe with an error where it cannot be seen whether `$f`, which no test finds, exists: the
 * nearest directory on the way may not be searched, or a link leads into one. Costs a process only where it may be so.
 */
export const UNLESS_UNREADABLE = raw(`q=$f p=\${f%/*}; until [ -d "$p/" ]; do q=$p p=\${p%/*}; done
[ -x "$p/" ] && [ ! -L "$q" ] || ! stat -L -- "$f" 2>&1 | grep -v ' directory$' >&2 || exit 1`);

/**
 * Shell text that sets `f` to the path and prints its status, or that it is absent (then it exits). With `follow`, of
 * what a symbolic link points to. Leaves the size in `$2`. One process.
 */
export function probeStatus(path: string, follow = false): Command {
  const exists = raw(follow ? '[ -e "$f" ]' : '[ -e "$f" ] || [ -L "$f" ]');
  return sh`f=${path}; ${exists} || { ${UNLESS_UNREADABLE}; echo ${ABSENT}; exit 0; }
s=$(stat ${raw(follow ? '-L ' : '')}-c %f:%s:%u:%U:%g:%G -- "$f") || exit
echo "$s"; IFS=:; set -- $s`;
}

/** Cuts a reply of {@link probeStatus} into the status (`null`: absent) and what follows it. */
export function parseStatus({code, stdout, stderr}: Reply): {status: FileStatus | null; rest: string} {
  if (code !== 0) throw new UnreadableReply(stderr.trim() || `the probe ended with code ${code}`);
  const end = stdout.indexOf('\n');
  const line = end < 0 ? stdout : stdout.slice(0, end);
  const rest = end < 0 ? '' : stdout.slice(end + 1);
  return {status: line === ABSENT ? null : statusOf(line), rest};
}

/** Whether a mode keeps others from reading: what such a file holds is not shown unless the playbook asks for it. */
export const isPrivate = (mode: string): boolean => (Number.parseInt(mode, 8) & 4) === 0;

function statusOf(line: string): FileStatus {
  const [, raw, size, uid, owner, gid, group] =
    /^([0-9a-f]{1,8}):(\d{1,15}):(\d{1,10}):([^:]*):(\d{1,10}):([^:]*)$/.exec(line) ?? [];
  if (!raw || !size || !uid || !owner || !gid || !group)
    throw new UnreadableReply(`stat answered ${JSON.stringify(line)}`);
  const bits = Number.parseInt(raw, 16);
  const kind = KINDS[bits >> 12] ?? 'other';
  const mode = (bits & 0o7777).toString(8).padStart(4, '0');
  return {kind, size: Number(size), mode, uid, owner, gid, group};
}

/** The type bits of `st_mode`, from inode(7), shifted right by twelve. */
const KINDS: Readonly<Record<number, FileStatus['kind']>> = {8: 'file', 4: 'directory', 10: 'link'};
