import {isAbsolute, posix} from 'node:path';
import type {Choices, ServerChoice, ServerRole} from './choices.js';
import {GROUPS, serversFor} from './choices.js';
import {type Entries, Flow, renderYaml} from './render-yaml.js';

/** The inventory, and the variables of its groups: files by path. `schema` is what editors check the inventory by. */
export function inventoryFiles(choices: Choices, schema: string): readonly (readonly [string, string])[] {
  const shared = new Map([['virtualAddress', oneOrMore(choices.virtualAddress)]]);
  return [
    ['inventory/hosts.yml', renderYaml(hostsOf(choices), HOSTS)],
    ['inventory/hosts.schema.json', schema],
    ['inventory/group_vars/all.yml', renderYaml(variablesOf(choices), ALL, COMMENTS)],
    ...(choices.virtualAddress.length > 0 ? [['inventory/group_vars/lb.yml', renderYaml(shared, LB)] as const] : []),
  ];
}

function hostsOf(choices: Choices): Entries {
  // How a server is reached stands where it is named first; afterwards its name is enough.
  const named = new Set<ServerChoice>();
  const members = (servers: readonly ServerChoice[]) => {
    const hosts = new Map(servers.map((each) => [each.name, named.has(each) ? null : settingsOf(each)]));
    for (const server of servers) named.add(server);
    return new Map([['hosts', hosts]]);
  };
  const group = (role: ServerRole): [string, Entries][] => {
    const servers = serversFor(role, choices);
    return servers.length > 0 ? [[GROUPS[role], members(servers)]] : [];
  };
  const idle = choices.servers.filter(({roles}) => roles.length === 0);
  return new Map<string, Entries>([
    ...(idle.length > 0 ? [['all', members(idle)] as const] : []),
    ...group('balancer'),
    ...group('web'),
    ['db', new Map([['children', new Map([...group('primary'), ...group('replica')])]])],
  ]);
}

function settingsOf({address, port = 22, privateAddress}: ServerChoice): Flow {
  return new Flow(
    new Map<string, string | number>([
      ['address', address],
      ...(port === 22 ? [] : [['port', port] as const]),
      ...(privateAddress === undefined ? [] : [['private_address', privateAddress] as const]),
    ]),
  );
}

function variablesOf({user, identityFile, domain, sshFrom}: Choices): Entries {
  return new Map<string, unknown>([
    ['user', user],
    ...(identityFile === undefined ? [] : [['identityFile', fromInventory(identityFile)] as const]),
    ['knownHostsFile', 'known_hosts'],
    ['domain', domain],
    ...(sshFrom.length === 0 ? [] : [['sshFrom', sshFrom] as const]),
  ]);
}

/** Paths in an inventory start from its own directory, those among the choices from the project's. */
function fromInventory(path: string): string {
  return isAbsolute(path) || path === '~' || path.startsWith('~/') ? path : posix.join('..', path);
}

const oneOrMore = (values: readonly string[]) => (values.length === 1 ? values[0] : values);

const HOSTS = `yaml-language-server: $schema=hosts.schema.json
Which servers there are, and what each is for. What all servers of a group share stands in group_vars/. To add servers,
edit this file or let "infra init" do it.`;

const ALL =
  'Of all servers. A file named after another group, such as web.yml, says more of that one, or something else.';

const COMMENTS = {
  user: 'Who logs in: with a key, and with sudo that asks for no password unless it is root.',
  identityFile: 'The private key. Without this line: your SSH agent, and the usual files in ~/.ssh.',
  knownHostsFile: "The servers' host keys, beside hosts.yml. A server with another key is refused.",
  domain: "The site's public name.",
  sshFrom: 'Who may connect to SSH: addresses and networks. The address that infra is run from is always let in.',
};

const LB = `Of the balancers. The virtual address is what the domain's DNS names: one balancer holds it, and when that one
fails, another takes over.`;
