import {isIP} from 'node:net';
import {z} from 'zod';
import {LOGIN_USER, MAX_PORT} from '../model/index.js';

/** How a host is reached, as far as the inventory says. Paths are as written. */
export interface Settings {
  address?: string;
  port?: number;
  user?: string;
  become?: boolean;
  identityFiles?: string[];
  knownHostsFiles?: string[];
}

export type Setting = keyof Settings;

const text = z.string('must be text').min(1, 'is empty');
const path = text.refine((each) => !/[\0\n]/.test(each), 'is not a path');
const paths = z.union(
  [path.transform((each) => [each]), z.array(path).min(1, 'is empty')],
  'must be a path or a list of paths',
);
const yesOrNo = z.enum(['yes', 'on', 'no', 'off']).transform((word) => word === 'yes' || word === 'on');

/** What each setting may hold; the messages continue a sentence that starts with the setting's name. */
export const SETTINGS = {
  address: text
    .regex(/^[A-Za-z0-9:][A-Za-z0-9.:%_-]*$/, 'must be an IP address or a DNS name')
    .refine((each) => isIP(each) > 0 || !/^[\d.]+$/.test(each), 'is not an IPv4 address')
    .refine((each) => isIP(each) > 0 || !each.includes(':'), 'is not an IP address; the port has a key of its own')
    .describe('Address or DNS name that SSH connects to. Default: the name of the host.'),
  port: z
    .int('must be a whole number')
    .min(1, 'must be 1 to 65535')
    .max(MAX_PORT, 'must be 1 to 65535')
    .describe("SSH's port. Default: 22."),
  user: text
    .regex(LOGIN_USER, 'is not a login name')
    .describe('Login user. Default: your own login name on this machine.'),
  become: z
    .union([z.boolean(), yesOrNo], 'must be true or false')
    .describe('Work as root, through sudo without a password. Default: true, unless the user is root.'),
  identityFiles: paths.describe(
    'Private key file, or a list of them: tried in order, before the keys of the agent. A relative path starts from ' +
      "the inventory file's directory, ~ is your home. Default: ~/.ssh/id_ed25519, id_ecdsa and id_rsa.",
  ),
  knownHostsFiles: paths.describe(
    'File of known host keys, or a list of them; a host whose key is in none of them is refused. A relative path ' +
      "starts from the inventory file's directory, ~ is your home. Default: ~/.ssh/known_hosts.",
  ),
} satisfies Record<Setting, z.ZodType>;

/** Every accepted name of a setting: ours first, then Ansible's. */
export const ALIASES: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  ['address', 'address'],
  ['port', 'port'],
  ['user', 'user'],
  ['become', 'become'],
  ['identityFile', 'identityFiles'],
  ['identityFiles', 'identityFiles'],
  ['knownHostsFile', 'knownHostsFiles'],
  ['knownHostsFiles', 'knownHostsFiles'],
  ['ansible_host', 'address'],
  ['ansible_ssh_host', 'address'],
  ['ansible_port', 'port'],
  ['ansible_ssh_port', 'port'],
  ['ansible_user', 'user'],
  ['ansible_ssh_user', 'user'],
  ['ansible_become', 'become'],
  ['ansible_ssh_private_key_file', 'identityFiles'],
  ['ansible_private_key_file', 'identityFiles'],
]);

/**
 * Ansible's variables that would change how a host is reached and that infra does not support, with what to do instead.
 */
export const REFUSED: ReadonlyMap<string, string> = new Map([
  ...['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'].map(
    (name) => [name, 'Log in with a key: set identityFile.'] as const,
  ),
  ...['ansible_become_password', 'ansible_become_pass', 'ansible_sudo_pass'].map(
    (name) => [name, 'Allow the login user sudo without a password.'] as const,
  ),
  ...['ansible_become_user', 'ansible_become_method'].map(
    (name) => [name, 'Remove it; tasks run as root, through sudo.'] as const,
  ),
  ...['ansible_ssh_common_args', 'ansible_ssh_extra_args', 'ansible_ssh_args'].map(
    (name) => [name, 'Remove it; options of the ssh command have no effect.'] as const,
  ),
  ['ansible_group_priority', 'Remove it; inner groups win over outer ones, then the later name wins.'],
  ['ansible_connection', 'Remove it; hosts are reached by SSH.'],
]);
