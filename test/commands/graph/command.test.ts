import {existsSync} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {newProject} from '../../support/project.js';

const INVENTORY = `
lb: {hosts: {lb1: {address: 192.0.2.11}}}
web: {hosts: {web1: {address: 192.0.2.21}, web2: {address: 192.0.2.22}}}
`;

const PLAYBOOK = `
import {defineRole, haproxy, listens, nginx, play, playbook, z} from 'infra';

const strict = defineRole('strict', z.object({}), (_, {facts}) => {
  if (facts.hostname === 'web1') throw new Error('it wants a true host');
  return listens({tcp: 9100, from: {group: 'lb'}, because: 'metrics'});
});

export default playbook('shop', async ({secret, authority}) => {
  const ca = await authority();
  const password = secret('shop/password');
  return [
    play('web', {hosts: 'web'}, [
      nginx({serverName: 'shop.test', tls: {certificate: ca}}),
      strict({}),
      () => [listens({tcp: 8080, from: {group: 'lb'}, because: password.reveal().length > 8 ? 'by secret' : 'none'})],
    ]),
    play('balancer', {hosts: 'lb'}, [
      haproxy({backend: 'web', backendTls: {authority: ca}, tls: {certificate: ca, names: ['shop.test']}}),
    ]),
  ];
});
`;

async function shop() {
  const project = await newProject(PLAYBOOK);
  await writeFile(path.join(project.directory, 'hosts.yml'), INVENTORY);
  const graph = (...more: string[]) => project.run(['graph', '-i', 'hosts.yml', '-p', 'site.ts', ...more]);
  return {directory: project.directory, graph};
}

test('it draws the listeners of roles, connects to no host and makes no secret', async (t) => {
  const {directory, graph} = await shop();
  const {code, stdout, stderr} = await graph();
  t.is(code, 0, stderr);
  t.regex(stdout, /^flowchart TB\n {2}accTitle: shop on hosts\.yml\n/);
  t.regex(stdout, /clients -->\|"tcp 80, 443: clients of the site"\| hosts1\n/);
  t.regex(stdout, /hosts1 -->\|"tcp 443: [^"]*<br\/>tcp 9100: metrics[^"]*"\| hosts3/);
  t.regex(stdout, /tcp 8080: by secret/);
  t.false(existsSync(path.join(directory, 'secrets')));
  t.false(existsSync(path.join(directory, '.infra')));
});

test('a role that needs real facts is named, and the rest is drawn', async (t) => {
  const {stdout, stderr} = await (await shop()).graph();
  t.is(stderr.trim(), 'Not drawn: part of play "web" on web1: it wants a true host');
  t.regex(stdout, /hosts2\["<b>web<\/b><br\/>web1 192\.0\.2\.21"\]/);
});

/** `infra graph` for a playbook whose only play covers the host `cache1` with this role. */
async function cache(role: string) {
  const project = await newProject(`
import {defineRole, haproxy, listens, nginx, play, playbook, z} from 'infra';

const valkey = defineRole('valkey', z.object({from: z.string()}), ({from}) =>
  listens({tcp: 6380, from: {group: from}, because: 'sessions'}),
);

export default playbook('cache', [play('cache', {hosts: 'cache1'}, [${role}])]);
`);
  const inventory = `${INVENTORY}cache: {hosts: {cache1: {address: 192.0.2.51}}}\n`;
  await writeFile(path.join(project.directory, 'hosts.yml'), inventory);
  return project.run(['graph', '-i', 'hosts.yml', '-p', 'site.ts']);
}

test('a group that a role is open to is drawn as outside when no play covers its hosts', async (t) => {
  const {code, stdout, stderr} = await cache("valkey({from: 'web'})");
  t.is(code, 0, stderr);
  t.regex(stdout, /others2\(\["<b>web<\/b><br\/>web1 192\.0\.2\.21<br\/>web2 192\.0\.2\.22"\]\):::outside\n/);
  t.regex(stdout, /others2 -->\|"tcp 6380: sessions"\| hosts1\n/);
  t.notRegex(stdout, /lb1/);
});

const UNKNOWN: readonly (readonly [role: string, message: RegExp])[] = [
  ["valkey({from: 'wbe'})", /error: listens "sessions": \S+ has no group "wbe"\n[\s\S]*help: Did you mean "web"\?/],
  ["haproxy({backend: 'wbe'})", /error: role haproxy: the group "wbe" has no hosts[\s\S]*help: Did you mean "web"\?/],
  [
    "nginx({serverName: 'a.test', from: {host: 'wbe1'}})",
    /error: \S+ has no host "wbe1"\n[\s\S]*Did you mean "web1"\?/,
  ],
  ["({group}) => { group('wbe'); return []; }", /error: \S+ has no group "wbe"\n[\s\S]*help: Did you mean "web"\?/],
];

for (const [role, message] of UNKNOWN) {
  test(`a name that the inventory does not have is an error: ${role}`, async (t) => {
    const {code, stdout, stderr} = await cache(role);
    t.is(code, 1);
    t.is(stdout, '');
    t.regex(stderr, /^site\.ts:8:\d+ error: /);
    t.regex(stderr, message);
  });
}

test('a file that ends in .svg gets an SVG', async (t) => {
  const {directory, graph} = await shop();
  const {code, stdout} = await graph('--output', 'shop.svg');
  t.is(code, 0);
  t.is(stdout, '');
  t.regex(await readFile(path.join(directory, 'shop.svg'), 'utf8'), /^<svg xmlns=[\s\S]*<\/svg>\n$/);
});

test('a file that cannot be written is reported without a stack trace', async (t) => {
  const {code, stderr} = await (await shop()).graph('--output', 'nowhere/shop.svg');
  t.is(code, 1);
  t.regex(stderr, /cannot write nowhere\/shop\.svg: .*ENOENT/);
  t.notRegex(stderr, /\n\s+at /);
});
