import {isAbsolute, posix} from 'node:path';
import type {Choices, ServerChoice, ServerRole} from './choices.js';
import {GROUPS, serversFor} from './choices.js';
import {type Entries, Flow, renderYaml} from './render-yaml.js';

/** The inventory and the variables of its groups: files by path. Editors check the inventory by the JSON `schema`. */
export function inventoryFiles(choices: Choices, schema: string): readonly (readonly [string, string])[] {
  return [
    ['inventory/hosts.yml', renderYaml(hostsOf(choices), HOSTS)],
    ['inventory/hosts.schema.json', schema],
    ['inventory/group_vars/all.yml', renderYaml(variablesOf(choices), ALL, COMMENTS)],
  ];
}

function hostsOf(choices: Choices): Entries {
  // A server's address is written where it is named first; afterwards its name is enough.
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

function variablesOf({user, identityFile, domain, virtualAddress, sshFrom}: Choices): Entries {
  return new Map<string, unknown>([
    ['user', user],
    ...(identityFile === undefined ? [] : [['identityFile', fromInventory(identityFile)] as const]),
    ['knownHostsFile', 'known_hosts'],
    ['domain', domain],
    ...(virtualAddress.length === 0 ? [] : [['virtualAddress', oneOrMore(virtualAddress)] as const]),
    ...(sshFrom.length === 0 ? [] : [['sshFrom', sshFrom] as const]),
  ]);
}

/** Paths in an inventory are relative to its directory, those in the choices to the project's. */
function fromInventory(path: string): string {
  return isAbsolute(path) || path === '~' || path.startsWith('~/') ? path : posix.join('..', path);
}

const oneOrMore = (values: readonly string[]) => (values.length === 1 ? values[0] : values);

const HOSTS = `yaml-language-server: $schema=hosts.schema.json
The servers, and what each does. Variables of a whole group are in group_vars/. To add servers, edit this file or run
"infra init" again.`;

const ALL =
  'Variables of all servers. A file named after another group, such as web.yml, adds variables to it or overrides these.';

const COMMENTS = {
  user: 'The login user: root, or a user whose sudo asks for no password. Login is with a key.',
  identityFile: 'The private key. Without this line: your SSH agent, and the usual files in ~/.ssh.',
  knownHostsFile: "The servers' host keys, next to hosts.yml. A server with another key is refused.",
  domain: "The site's public name.",
  virtualAddress:
    "The address of the balancers. The domain's DNS must point to it. One balancer holds it, and when that one fails, another takes over.",
  sshFrom: 'Addresses and networks that may connect to SSH. The address that infra runs from is always allowed.',
};
