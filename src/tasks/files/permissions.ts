import {check, defineTask, optionsOf, UnreadableReply} from '../../model/index.js';
import {giveInPlace} from '../shared/give.js';
import {giveDirectory} from '../shared/make-directory.js';
import {OWNERSHIP, type Ownership, octalMode, ownershipOf, plainMode, refuseOwnership} from '../shared/ownership.js';
import {refusePath} from '../shared/path.js';
import {parseStatus, probeStatus} from '../shared/stat.js';

export interface PermissionsSpec extends Pick<Ownership, 'owner' | 'group'> {
  /** Absolute: a file or a directory, whose content is not touched. */
  readonly path: string;
  /** The widest mode it may have, octal: every right beyond it is taken away, and none is given. */
  readonly most: string;
}

interface PermissionsState {
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/**
 * Who may do what with something that others made: `permissions({path: '/etc/crontab', most: '0600', owner: 'root'})`.
 * What is missing stays so, what is stricter too, and a symbolic link is left alone.
 *
 * @example
 * permissions({path: '/etc/crontab', most: '0600', owner: 'root'})
 */
export const permissions = defineTask<PermissionsSpec, PermissionsState>({
  type: 'permissions',
  options: optionsOf<PermissionsSpec>({
    path: check.text,
    most: octalMode,
    owner: OWNERSHIP.owner,
    group: OWNERSHIP.group,
  }),
  id: ({path}) => path,
  refuse: ({path, most, ...hands}) => refusePath(path) ?? refuseOwnership({...hands, mode: most}),
  probe: ({path}) => probeStatus(path),
  parse: (reply, spec) => {
    const {status} = parseStatus(reply);
    if (status === null || status.kind === 'link') return null;
    if (status.kind === 'other') throw new UnreadableReply(`${spec.path} is neither a file nor a directory`);
    return ownershipOf(status, spec);
  },
  desire: ({most, owner, group}, present) =>
    present && {
      mode: narrowed(present.mode ?? plainMode(most), most),
      ...(owner !== undefined && {owner}),
      ...(group !== undefined && {group}),
    },
  change: ({path}, to, present, reply) => {
    const give = parseStatus(reply).status?.kind === 'directory' ? giveDirectory : giveInPlace;
    return [to !== null && give(path, to, to.mode ?? present?.mode)];
  },
  affects: ({path}) => [path],
});

function narrowed(mode: string, most: string): string {
  const bits = Number.parseInt(mode, 8) & Number.parseInt(most, 8);
  return plainMode(bits.toString(8));
}
