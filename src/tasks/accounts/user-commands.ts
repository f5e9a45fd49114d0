import {type Command, sh, showAs} from '../../shell/index.js';
import type {UserSpec, UserState} from './user-spec.js';

/** Makes a user with all that is wished. */
export function addUser({name, system = false, createHome = !system}: UserSpec, to: Partial<UserState>): Command {
  const flags = [...(system ? ['--system'] : []), createHome ? '--create-home' : '--no-create-home'];
  const groups = to.groups && to.groups.length > 0 ? ['--groups', to.groups.join(',')] : [];
  const words = [...flags, ...entryOptions(to), ...groups];
  if (to.group !== undefined) return sh`useradd ${words} ${name}`;
  // useradd refuses to make a group that is there.
  return showAs(
    String(sh`useradd ${words} ${name}`),
    sh`if getent group ${name} >/dev/null; then useradd ${words} --gid ${name} ${name}; else useradd ${words} --user-group ${name}; fi`,
  );
}

/** Changes what differs of a user that exists. */
export function modifyUser({name, exactGroups}: UserSpec, to: Partial<UserState>): Command {
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
