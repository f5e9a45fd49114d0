import test from 'ava';
import {ALIASES, REFUSED, SETTINGS, type Setting} from '../../src/inventory/settings.js';

/** What a setting makes of a value; of one that it refuses, the reason after `!`. */
function read(setting: Setting, value: unknown): unknown {
  const {success, data, error} = SETTINGS[setting].safeParse(value);
  return success ? data : `! ${error.issues[0]?.message}`;
}

const VALUES: readonly (readonly [Setting, unknown, unknown])[] = [
  ['address', '192.0.2.10', '192.0.2.10'],
  ['address', '2001:db8::1', '2001:db8::1'],
  ['address', '::1', '::1'],
  ['address', 'fe80::1%eth0', 'fe80::1%eth0'],
  ['address', 'web-1.example.com', 'web-1.example.com'],
  ['address', '1.example', '1.example'],
  ['address', 'my_host', 'my_host'],
  ['address', '', '! is empty'],
  ['address', 10, '! must be text'],
  ['address', '1.2.3', '! is not an IPv4 address'],
  ['address', '256.1.1.1', '! is not an IPv4 address'],
  ['address', 'web1:2222', '! is not an IP address; the port has a key of its own'],
  ['address', '-oProxyCommand=x', '! must be an IP address or a DNS name'],
  ['address', 'web 1', '! must be an IP address or a DNS name'],
  ['address', 'web1\n', '! must be an IP address or a DNS name'],
  ['port', 1, 1],
  ['port', 65_535, 65_535],
  ['port', 0, '! must be 1 to 65535'],
  ['port', 65_536, '! must be 1 to 65535'],
  ['port', 22.5, '! must be a whole number'],
  ['port', '22', '! must be a whole number'],
  ['user', 'deploy', 'deploy'],
  ['user', '', '! is empty'],
  ['user', '-x', '! is not a login name'],
  ['user', 'two words', '! is not a login name'],
  ['become', true, true],
  ['become', false, false],
  ['become', 'yes', true],
  ['become', 'on', true],
  ['become', 'no', false],
  ['become', 'off', false],
  ['become', 'true', '! must be true or false'],
  ['become', 1, '! must be true or false'],
  ['identityFiles', '~/.ssh/id', ['~/.ssh/id']],
  ['identityFiles', ['a', 'b'], ['a', 'b']],
  ['identityFiles', [], '! is empty'],
  ['identityFiles', 'a\nb', '! must be a path or a list of paths'],
  ['knownHostsFiles', ['a', ''], '! is empty'],
  ['knownHostsFiles', 'hosts\0', '! must be a path or a list of paths'],
];

for (const [setting, value, result] of VALUES) {
  const isRefused = String(result).startsWith('! ');
  test(`${setting} ${JSON.stringify(value)} is ${isRefused ? `refused: ${String(result).slice(2)}` : 'taken'}`, (t) =>
    t.deepEqual(read(setting, value), result));
}

test('each setting has its own name among the names that are accepted, and no name is both accepted and refused', (t) => {
  for (const setting of Object.keys(SETTINGS)) t.is(ALIASES.get(setting), setting as Setting);
  t.deepEqual(
    [...ALIASES.keys()].filter((name) => REFUSED.has(name)),
    [],
  );
});

test('names of Ansible that say the same mean the same setting', (t) => {
  for (const [short, long] of [
    ['ansible_host', 'ansible_ssh_host'],
    ['ansible_port', 'ansible_ssh_port'],
    ['ansible_user', 'ansible_ssh_user'],
    ['ansible_private_key_file', 'ansible_ssh_private_key_file'],
    ['identityFile', 'identityFiles'],
    ['knownHostsFile', 'knownHostsFiles'],
  ] as const)
    t.is(ALIASES.get(short), ALIASES.get(long), short);
});
