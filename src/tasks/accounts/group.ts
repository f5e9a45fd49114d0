import {check, defineTask, optionsOf, UnreadableReply} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {accountFault, presence} from '../shared/checks.js';

export interface GroupSpec {
  /** As in `/etc/group`. */
  readonly name: string;
  /** Its number. */
  readonly gid?: number;
  /** Takes a number from the range of system groups when it is made. */
  readonly system?: boolean;
  /** Default `present`. */
  readonly state?: 'present' | 'absent';
}

interface GroupState {
  readonly gid: number;
}

/**
 * A group of the host.
 *
 * @example
 * group({name: 'app', system: true})
 */
export const group = defineTask<GroupSpec, GroupState>({
  type: 'group',
  options: optionsOf<GroupSpec>({
    name: check.text,
    gid: check.optional(check.wholeNumber()),
    system: check.optional(check.flag),
    state: presence,
  }),
  id: ({name}) => name,
  refuse: ({name, gid}) => accountFault(name, gid),
  probe: ({name}) => sh`getent group ${name}`,
  parse: ({code, stdout, stderr}) => {
    if (code === 2) return null;
    const gid = /^[^:]+:[^:]*:(\d{1,10}):/.exec(stdout)?.[1];
    if (code !== 0 || gid === undefined) throw new UnreadableReply(`getent group answered: ${stderr}${stdout}`.trim());
    return {gid: Number(gid)};
  },
  desire: ({state, gid}) => (state === 'absent' ? null : gid === undefined ? {} : {gid}),
  change: ({name, system}, to, present) => {
    if (to === null) return [sh`groupdel ${name}`];
    const number = to.gid === undefined ? [] : ['--gid', to.gid];
    if (present !== null) return [sh`groupmod ${number} ${name}`];
    return [sh`groupadd ${[...(system ? ['--system'] : []), ...number, name]}`];
  },
});
