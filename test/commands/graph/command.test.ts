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
