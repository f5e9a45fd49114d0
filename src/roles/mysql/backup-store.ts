import type {Items} from '../../model/index.js';
import {sh} from '../../shell/index.js';
import {authorizedKey, directory, service, template, user as userTask} from '../../tasks/index.js';
import {READABLE} from '../shared/managed.js';
import {RELOAD_SYSTEMD} from '../shared/reload.js';

/** A directory of backups, and how long they are kept. */
export interface StoreSpec {
  readonly directory: string;
  readonly keep: {readonly daily: number; readonly weekly: number; readonly monthly: number};
  /** Who may add backups over SSH; undefined for a directory of the database server itself. */
  readonly user: StoreUser | undefined;
}

interface StoreUser {
  readonly name: string;
  /** The database servers' public keys, each with the address from which it is used. */
  readonly keys: readonly {readonly key: string; readonly from: string}[];
}

/** The program that keeps the backups of a directory: the same on a database server and behind SSH. */
export const storeProgram = (path: string) => `/usr/local/sbin/database-backup-store${path.replaceAll('/', '-')}`;

/**
 * A directory of backups. The user who adds to it over SSH runs one program and nothing else, and what has been added
 * is root's within 15 minutes: in this directory (sticky, root's) only root can then delete or replace it.
 */
export function storeItems({directory: path, keep, user}: StoreSpec): Items {
  const program = storeProgram(path);
  const vars = {program, directory: path, keep};
  return [
    ...(user ? [userTask({name: user.name, system: true, home: HOME, createHome: true, shell: '/bin/sh'})] : []),
    directory({path, owner: 'root', ...(user ? {mode: '1770', group: user.name} : {mode: '0700', group: 'root'})}),
    template({
      ...{path: program, source: 'mysql/backup-store.sh', vars, ...READABLE, mode: '0755'},
      validate: (file) => sh`sh -n ${file}`,
    }),
    ...(user ? [...user.keys.map((each) => authorised(user.name, program, each)), ...retention(vars)] : []),
  ];
}

const HOME = '/var/lib/database-backup';

function authorised(user: string, program: string, {key, from}: StoreUser['keys'][number]) {
  return authorizedKey({user, key: `restrict,from="${from}",command="${program} remote" ${key}`});
}

function retention(vars: Readonly<Record<string, unknown>>): Items {
  const unit = (kind: string) =>
    template({
      path: `/etc/systemd/system/database-backup-store.${kind}`,
      ...{source: `mysql/backup-store.${kind}`, vars, ...READABLE, notify: RELOAD_SYSTEMD},
    });
  return [unit('service'), unit('timer'), service({name: 'database-backup-store.timer'})];
}
