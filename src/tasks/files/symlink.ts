import {check, defineTask, optionsOf, UnreadableReply} from '../../model/index.js';
import {type Command, inDirectoryOf, sh, showAs} from '../../shell/index.js';
import {presence} from '../shared/checks.js';
import {deleteFile} from '../shared/make-directory.js';
import {refusePath} from '../shared/path.js';
import {parseStatus, probeStatus} from '../shared/stat.js';

export interface SymlinkSpec {
  /** Absolute: where the link lies. */
  readonly path: string;
  /** What it points to, as written into the link; it need not exist. Left out only with `absent`. */
  readonly target?: string | undefined;
  /** Default `present`. */
  readonly state?: 'present' | 'absent' | undefined;
}

interface SymlinkState {
  readonly target: string;
}

/**
 * A symbolic link, replaced atomically. A file or directory in its place is never touched, `absent` included.
 *
 * @example
 * symlink({path: '/srv/now', target: '/srv/releases/42'})
 */
export const symlink = defineTask({
  type: 'symlink',
  options: optionsOf<SymlinkSpec>({path: check.text, target: check.optional(check.text), state: presence}),
  id: (spec: SymlinkSpec) => spec.path,
  refuse: ({path, target, state}) => refusePath(path) ?? refuseTarget(target, state),
  probe: ({path}) => sh`${probeStatus(path)}
[ -L "$f" ] && exec readlink -n -- "$f"; :`,
  parse: (reply, {path}): SymlinkState | null => {
    const {status, rest} = parseStatus(reply);
    if (status === null) return null;
    if (status.kind === 'link') return {target: rest};
    throw new UnreadableReply(
      `${path} is a ${status.kind === 'other' ? 'special file' : status.kind}, not a symbolic link; remove it first`,
    );
  },
  desire: ({target, state}) => (state === 'absent' || target === undefined ? null : {target}),
  change: ({path}, to) => [to?.target === undefined ? deleteFile(path) : link(to.target, path)],
  affects: ({path}) => [path],
});

function link(target: string, path: string): Command {
  return showAs(String(sh`ln -sfT -- ${target} ${path}`), inDirectoryOf(path, sh`ln -sfT -- ${target} "./$n"`));
}

function refuseTarget(target: string | undefined, state: SymlinkSpec['state']): string | undefined {
  if (state === 'absent') return undefined;
  if (target === undefined || target === '') return 'a link needs a target';
  return /[\0\p{Surrogate}]/u.test(target) ? `a link cannot point to ${JSON.stringify(target)}` : undefined;
}
