import {type ImportedHost, importAnsible, sshConfigHosts} from '../inventory/index.js';
import {didYouMean, InputError} from '../model/index.js';
import type {ServerRole} from '../project/choices.js';
import type {Answers, ServerAnswer} from './answers.js';

/** Answers that another tool's files give, and what could not be taken over. */
export interface Imported {
  readonly answers: Answers;
  readonly notes: readonly string[];
}

/** Servers of an inventory of Ansible's; groups with the usual names say what they do. Throws `InputError`. */
export function importInventory(file: string): Imported {
  return answersOf(importAnsible(file));
}

/** Hosts of `~/.ssh/config` by their names. Rejects with `InputError` for a name that is not there. */
export async function importSshHosts(names: readonly string[]): Promise<Imported> {
  const hosts = await sshConfigHosts();
  const chosen = names.map((name) => {
    const host = hosts.find((each) => each.name === name || each.aliases?.includes(name));
    if (host) return host;
    const known = hosts.map((each) => each.name);
    const hint = didYouMean(name, known) ?? (known.length > 0 ? `it names ${known.join(', ')}` : 'it names no host');
    throw new InputError([{message: `--ssh-config: ~/.ssh/config has no host "${name}"`, hint}]);
  });
  return answersOf(chosen);
}

/** What these hosts answer: the first key file that one of them names is for all. */
export function answersOf(hosts: readonly ImportedHost[]): Imported {
  const identityFile = hosts.map((host) => host.identityFile).find((file) => file !== undefined);
  const user = hosts.map((host) => host.user).find((each) => each !== undefined);
  const others = hosts.filter((host) => host.user !== undefined && host.user !== user).map(({name}) => name);
  const notes = hosts.flatMap((host) => host.notes.map((note) => `${host.name}: ${note}`));
  const oneUser =
    others.length > 0
      ? [`all servers have one login user, ${user}: other ones of ${others.join(', ')} are left out`]
      : [];
  const answers = {servers: withDatabases(hosts), ...(identityFile && {identityFile}), ...(user && {user})};
  return {answers, notes: [...notes, ...oneUser]};
}

function serverOf({name, address, port, groups}: ImportedHost): ServerAnswer {
  const roles = ROLES.filter(([, pattern]) => groups.some((group) => pattern.test(group))).map(([role]) => role);
  const other = port === undefined || port === 22 ? {} : {port};
  return {name, address, ...other, ...(roles.length > 0 && {roles})};
}

/** Of hosts in a group of databases that says no more, the first takes the writes, unless one is named for that. */
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

/** What groups are usually called. */
const ROLES: readonly (readonly [ServerRole, RegExp])[] = [
  ['balancer', /^(lb|lbs|balancers?|loadbalancers?|load_balancers?|haproxy)$/i],
  ['web', /^(web|webs|webservers?|web_servers?|nginx|app|apps|appservers?)$/i],
  ['primary', /^(primary|db_primary|mysql_primary|mariadb_primary|master|db_master)$/i],
  ['replica', /^(replicas?|db_replicas?|mysql_replicas?|mariadb_replicas?|slaves?|db_slaves?)$/i],
];
