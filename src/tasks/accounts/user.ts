import {check, defineTask, optionsOf, UnreadableReply} from '../../model/index.js';
import {type Command, type Reply, sh, showAs} from '../../shell/index.js';
import {accountFault, presence} from '../shared/checks.js';

/** The desired user. What is left out stays as it is. */
export interface UserSpec {
  /** As in `/etc/passwd`. */
  readonly name: string;
  /** The user's number. */
  readonly uid?: number;
  /** Primary group, by name. Left out: a new user gets the group of its own name, made when it is missing. */
  readonly group?: string;
  /** Further groups, in any order. The user is a member of at least these. */
  readonly groups?: readonly string[];
  /** The user leaves all groups that `groups` does not name. */
  readonly exactGroups?: boolean;
  /** For an existing user the entry alone is changed; nothing is moved. */
  readonly home?: string;
  /** Absolute path of the login shell. */
  readonly shell?: string;
  /** The full name, or what the account is for. */
  readonly comment?: string;
  /** Only when the user is made: take a number from the range of system users, without a home unless `createHome`. */
  readonly system?: boolean;
  /** Only when the user is made. Default: true, false for a system user. */
  readonly createHome?: boolean;
  /** `absent` leaves the home as it is, unless `removeHome`. */
  readonly state?: 'present' | 'absent';
  /** With `absent`: delete the home and the mail spool too. */
  readonly removeHome?: boolean;
}

/** A user on the host. */
interface UserState {
  readonly uid: number;
  readonly group: string;
  /** Without the primary group, sorted. */
  readonly groups: readonly string[];
  readonly home: string;
  readonly shell: string;
  readonly comment: string;
}

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
  desire: (spec, present) => (spec.state === 'absent' ? null : desiredUser(spec, present)),
  change: (spec, to, present) => {
    if (to === null) return [sh`userdel ${[...(spec.removeHome ? ['--remove'] : []), spec.name]}`];
    return [present === null ? addUser(spec, to) : modifyUser(spec, to)];
  },
});

function refuse({name, uid, group, groups = [], home, shell, comment}: UserSpec): string | undefined {
  const path = [home, shell].find((each) => each !== undefined && !/^\/[^:\n]*$/.test(each));
  if (path !== undefined) return `"${path}" is not an absolute path for the entry of a user`;
  if (comment !== undefined && /[:\n]/.test(comment)) return 'a comment must not hold a colon or a line break';
  const faults = [accountFault(name, uid), ...[group ?? name, ...groups].map((each) => accountFault(each))];
  return faults.find((fault) => fault !== undefined);
}

/** `name:x:uid:gid:comment:home:shell`, the primary group, all groups. getent answers 2 for "not there". */
function parseUser({code, stdout, stderr}: Reply): UserState | null {
  if (code === 2 && stdout === '') return null;
  const [entry = '', group = '', all = ''] = stdout.split('\n');
  const [, , uid, , comment, home, shell] = entry.split(':');
  const isWhole = comment !== undefined && home !== undefined && shell !== undefined && group !== '';
  // Names of groups become words of a command, which cannot hold NUL.
  if (code !== 0 || !isWhole || !/^\d{1,10}$/.test(uid ?? '') || stdout.includes('\0')) {
    throw new UnreadableReply(`getent passwd and id answered: ${stderr}${stdout}`.trim());
  }
  const groups = all.split(' ').filter((name) => name !== group && name !== '');
  return {uid: Number(uid), group, groups: sorted(groups), home, shell, comment};
}

/** Only what the spec sets. The primary group needs no further membership. */
function desiredUser(spec: UserSpec, present: Partial<UserState> | null): Partial<UserState> {
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

/** Makes a user with all desired attributes. */
function addUser({name, system = false, createHome = !system}: UserSpec, to: Partial<UserState>): Command {
  const flags = [...(system ? ['--system'] : []), createHome ? '--create-home' : '--no-create-home'];
  const groups = to.groups && to.groups.length > 0 ? ['--groups', to.groups.join(',')] : [];
  const words = [...flags, ...entryOptions(to), ...groups];
  if (to.group !== undefined) return sh`useradd ${words} ${name}`;
  // useradd refuses to make a group that exists.
  return showAs(
    String(sh`useradd ${words} ${name}`),
    sh`if getent group ${name} >/dev/null; then useradd ${words} --gid ${name} ${name}; else useradd ${words} --user-group ${name}; fi`,
  );
}

/** Changes what differs of a user that exists. */
function modifyUser({name, exactGroups}: UserSpec, to: Partial<UserState>): Command {
  const groups = to.groups === undefined ? [] : [...(exactGroups ? [] : ['--append']), '--groups', to.groups.join(',')];
  return sh`usermod ${[...entryOptions(to), ...groups]} ${name}`;
}

function entryOptions(to: Partial<UserState>): (string | number)[] {
  return [
    ...(to.uid === undefined ? [] : ['--uid', to.uid]),
    ...(to.group === undefined ? [] : ['--gid', to.group]),
    ...(to.home === undefined ? [] : ['--home', to.home]),
    ...(to.shell === undefined ? [] : ['--shell', to.shell]),
    ...(to.comment === undefined ? [] : ['--comment', to.comment]),
  ];
}
