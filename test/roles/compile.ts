import {resolve} from 'node:path';
import {parseInventory} from '../../src/inventory/index.js';
import {
  Content,
  groupsOf,
  type Listening,
  type Role,
  type RoleContext,
  type Task,
  taskName,
} from '../../src/model/index.js';

const FACTS: RoleContext['facts'] = {
  hostname: 'host',
  os: 'debian',
  codename: 'trixie',
  version: '13',
  architecture: 'amd64',
  cpus: 2,
  memory: 2 ** 31,
  addresses: ['192.0.2.1'],
  interfaces: [{name: 'eth0', address: '192.0.2.1', prefix: 24}],
  client: '192.0.2.250',
};

/** Codenames of Ubuntu; all others are Debian's. */
const UBUNTU = ['jammy', 'noble', 'resolute'];

/** The tasks of a role for the first host of a group, by their names, in order. */
export function compile(
  role: Role,
  yaml: string,
  group = 'all',
  facts: Partial<RoleContext['facts']> = {},
): ReadonlyMap<string, Task> {
  // What it listens to is not a task.
  const made = itemsOf(role, yaml, group, facts).filter((item) => 'open' in item);
  return new Map(made.map((task) => [taskName(task), task]));
}

/** What a role declares to listen to on the first host of a group. */
export function declared(role: Role, yaml: string, group = 'all'): readonly Listening[] {
  return itemsOf(role, yaml, group, {}).filter((item) => 'listens' in item);
}

function itemsOf(role: Role, yaml: string, group: string, facts: Partial<RoleContext['facts']>) {
  const inventory = parseInventory(yaml, '/project/inventory/hosts.yml');
  const members = groupsOf(inventory);
  const [host] = inventory.groups.get(group) ?? [];
  if (host === undefined) throw new Error(`no host in ${group}`);
  const os = UBUNTU.includes(facts.codename ?? '') ? 'ubuntu' : 'debian';
  const own = {...FACTS, os, ...facts} as const;
  const context = {
    // A copy, as a play with typed variables gets it.
    host: {...host},
    facts: own,
    inventory,
    group: members,
    factsOf: () => own,
    factsIfReached: () => own,
    openings: () => [],
  };
  const items = role.compile(context).flat(9);
  return items.map((item) => (typeof item === 'function' ? item(context) : item)).flat(9);
}

/** The text that a task would write to a host where the file is missing, and its commands. */
export function written(task: Task | undefined): {text: string; commands: string} {
  const question = task?.open({templateDirectories: [resolve('templates')]});
  const verdict = question?.judge({code: 0, stdout: 'absent\n', stderr: '', truncated: false});
  if (verdict?.type !== 'change') throw new Error('the task would not write a file');
  const content = verdict.diff.find(({name}) => name === 'content')?.after;
  const text = content instanceof Content ? String(content.bytes) : '';
  return {text, commands: verdict.commands.map((command) => command.reveal()).join('\n')};
}
