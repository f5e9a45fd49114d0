import {type ImportedHost, importAnsible, sshConfigHosts} from '../inventory/index.js';
import {didYouMean, InputError} from '../model/index.js';
import type {ServerRole} from '../project/choices.js';
import type {Answers, ServerAnswer} from './answers.js';

/** Answers from the files of another tool, and notes on what could not be imported. */
export interface Imported {
  readonly answers: Answers;
  readonly notes: readonly string[];
}

/** Servers of an Ansible inventory; groups with common names give their roles. Throws `InputError`. */
export function importInventory(file: string): Imported {
  return answersOf(importAnsible(file));
}

/** Hosts of `~/.ssh/config` by their names. Rejects with `InputError` for a name that is not in it. */
export async function importSshHosts(names: readonly string[]): Promise<Imported> {
  const hosts = await sshConfigHosts();
  const chosen = names.map((name) => {
    const host = hosts.find((each) => each.name === name || each.aliases?.includes(name));
    if (host) return host;
    const known = hosts.map((each) => each.name);
    const hint =
      didYouMean(name, known) ?? (known.length > 0 ? `Its hosts are ${known.join(', ')}.` : 'It has no hosts.');
    throw new InputError([{message: `--ssh-config: ~/.ssh/config has no host "${name}"`, hint}]);
  });
  return answersOf(chosen);
}

/** The answers that imported hosts give: the first key file that one of them names is used for all. */
export function answersOf(hosts: readonly ImportedHost[]): Imported {
  const identityFile = hosts.map((host) => host.identityFile).find((file) => file !== undefined);
  const user = hosts.map((host) => host.user).find((each) => each !== undefined);
  const others = hosts.filter((host) => host.user !== undefined && host.user !== user).map(({name}) => name);
  const notes = hosts.flatMap((host) => host.notes.map((note) => `${host.name}: ${note}`));
  const oneUser =
    others.length > 0
      ? [`all servers have the same login user, ${user}: those of ${others.join(', ')} are ignored`]
      : [];
  const answers = {servers: withDatabases(hosts), ...(identityFile && {identityFile}), ...(user && {user})};
  return {answers, notes: [...notes, ...oneUser]};
}

function serverOf({name, address, port, groups}: ImportedHost): ServerAnswer {
  const roles = ROLES.filter(([, pattern]) => groups.some((group) => pattern.test(group))).map(([role]) => role);
  const other = port === undefined || port === 22 ? {} : {port};
  return {name, address, ...other, ...(roles.length > 0 && {roles})};
}

/** Of the hosts in a group of databases without roles, the first is the primary, unless there is one already. */
function withDatabases(hosts: readonly ImportedHost[]): readonly ServerAnswer[] {
  const servers = hosts.map(serverOf);
  const holds = ({groups}: ImportedHost) => groups.some((group) => DATABASES.test(group));
  const open = hosts.map((host, at) => holds(host) && !isDatabase(servers[at]));
  const first = servers.some(({roles}) => roles?.includes('primary')) ? -1 : open.indexOf(true);
  return servers.map((server, at) => {
    if (open[at] !== true) return server;
    return {...server, roles: [...(server.roles ?? []), at === first ? 'primary' : 'replica']};
  });
}

const isDatabase = (server: ServerAnswer | undefined) =>
  server?.roles?.some((role) => role === 'primary' || role === 'replica') ?? false;

const DATABASES = /^(db|dbs|databases?|dbservers?|db_servers?|mysql|mariadb)$/i;

/** Common names of groups. */
const ROLES: readonly (readonly [ServerRole, RegExp])[] = [
  ['balancer', /^(lb|lbs|balancers?|loadbalancers?|load_balancers?|haproxy)$/i],
  ['web', /^(web|webs|webservers?|web_servers?|nginx|app|apps|appservers?)$/i],
  ['primary', /^(primary|db_primary|mysql_primary|mariadb_primary|master|db_master)$/i],
  ['replica', /^(replicas?|db_replicas?|mysql_replicas?|mariadb_replicas?|slaves?|db_slaves?)$/i],
];
