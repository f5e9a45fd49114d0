import {check, defineTask, optionsOf, UnreadableReply} from '../../model/index.js';
import {type Reply, sh} from '../../shell/index.js';
import {presence} from '../shared/checks.js';
import {accountFault} from './account-fault.js';
import {addUser, modifyUser} from './user-commands.js';
import type {UserSpec, UserState} from './user-spec.js';

/**
 * A user of the host. No password is set: a new user logs in with a key or not at all.
 *
 * @example
 * user({name: 'deploy', groups: ['www-data'], shell: '/bin/bash'})
 */
export const user = defineTask<UserSpec, UserState>({
  type: 'user',
  options: optionsOf<UserSpec>({
    name: check.text,
    uid: check.optional(check.wholeNumber()),
    group: check.optional(check.text),
    groups: check.optional(check.list(check.text)),
    exactGroups: check.optional(check.flag),
    home: check.optional(check.text),
    shell: check.optional(check.text),
    comment: check.optional(check.text),
    system: check.optional(check.flag),
    createHome: check.optional(check.flag),
    state: presence,
    removeHome: check.optional(check.flag),
  }),
  id: ({name}) => name,
  refuse,
  probe: ({name}) => sh`getent passwd ${name} && id -gn ${name} && id -Gn ${name}`,
  parse: parseUser,
  desire: (spec, present) => (spec.state === 'absent' ? null : wished(spec, present)),
  change: (spec, to, present) => {
    if (to === null) return [sh`userdel ${[...(spec.removeHome ? ['--remove'] : []), spec.name]}`];
    return [present === null ? addUser(spec, to) : modifyUser(spec, to)];
  },
});

function refuse({name, uid, group, groups = [], home, shell, comment}: UserSpec): string | undefined {
  const path = [home, shell].find((each) => each !== undefined && !/^\/[^:\n]*$/.test(each));
  if (path !== undefined) return `"${path}" is no absolute path for an entry of a user`;
  if (comment !== undefined && /[:\n]/.test(comment)) return 'a comment holds neither a colon nor a line break';
  const faults = [accountFault(name, uid), ...[group ?? name, ...groups].map((each) => accountFault(each))];
  return faults.find((fault) => fault !== undefined);
}

/** `name:x:uid:gid:comment:home:shell`, the primary group, all groups. getent answers 2 for "not there". */
function parseUser({code, stdout, stderr}: Reply): UserState | null {
  if (code === 2 && stdout === '') return null;
  const [entry = '', group = '', all = ''] = stdout.split('\n');
  const [, , uid, , comment, home, shell] = entry.split(':');
  const isWhole = comment !== undefined && home !== undefined && shell !== undefined && group !== '';
  if (code !== 0 || !isWhole || !/^\d{1,10}$/.test(uid ?? '')) {
    throw new UnreadableReply(`getent passwd and id answered: ${stderr}${stdout}`.trim());
  }
  const groups = all.split(' ').filter((name) => name !== group && name !== '');
  return {uid: Number(uid), group, groups: sorted(groups), home, shell, comment};
}

/** Only what the spec sets. The primary group needs no further membership. */
function wished(spec: UserSpec, present: Partial<UserState> | null): Partial<UserState> {
  const {uid, group, groups, home, shell, comment} = spec;
  const wanted = groups?.filter((name) => name !== (group ?? present?.group));
  const kept = spec.exactGroups ? [] : (present?.groups ?? []);
  return {
    ...(uid !== undefined && {uid}),
    ...(group !== undefined && {group}),
    ...(wanted !== undefined && {groups: sorted([...wanted, ...kept])}),
    ...(home !== undefined && {home}),
    ...(shell !== undefined && {shell}),
    ...(comment !== undefined && {comment}),
  };
}

const sorted = (names: readonly string[]) => [...new Set(names)].sort();
