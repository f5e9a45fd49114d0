import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test from 'ava';
import {defineRole, type Facts, listens, play, z} from '../../src/index.js';
import {parseInventory} from '../../src/inventory/index.js';
import {assumedOpenings, loadTopology, placeholderContext} from '../../src/session/load-topology.js';

const inventory = parseInventory(
  `web: {hosts: {w1: {address: 192.0.2.1, private_address: 10.0.0.1}, w2: {address: "2001:db8::2"}}}
db: {hosts: {d1: {address: 192.0.2.3}}}
`,
  '/p/inventory/hosts.yml',
);

const serving = defineRole('serving', z.object({port: z.number()}), ({port}) => [
  listens({tcp: [port], from: 'any', because: 'visitors'}),
]);

const failing = defineRole('failing', z.object({}), (_, {facts}) => {
  throw new Error(`${facts.hostname} has no second disk`);
});

test('every host of the plays has its listeners, each once, however many plays name it', (t) => {
  const plays = [
    play('web', {hosts: 'web'}, [serving({port: 443})]),
    play('again', {hosts: 'w1'}, [serving({port: 443}), serving({port: 80})]),
  ];
  const {listeners, missing} = assumedOpenings(plays, inventory);
  t.deepEqual(missing, []);
  t.deepEqual(
    listeners.map(({host, openings}) => [host.name, openings.length]),
    [
      ['w1', 2],
      ['w2', 1],
    ],
  );
  t.like(listeners[1]?.openings[0], {role: 'serving', because: 'visitors'});
});

test('a role that needs real facts is left out and named, and the items next to it stay', (t) => {
  const plays = [play('site', {hosts: 'web'}, [failing({}), serving({port: 443})])];
  const {listeners, missing} = assumedOpenings(plays, inventory);
  t.deepEqual(missing, [
    'part of play "site" on w1: w1 has no second disk',
    'part of play "site" on w2: w2 has no second disk',
  ]);
  t.deepEqual(
    listeners.map(({openings}) => openings.length),
    [1, 1],
  );
});

test('a host is assumed to be a fresh trixie with the addresses of the inventory', (t) => {
  const seen: Facts[] = [];
  const looking = defineRole('looking', z.object({}), (_, {facts}) => {
    seen.push(facts);
    return [];
  });
  assumedOpenings([play('all', {hosts: 'web'}, [looking({})])], inventory);
  const [one, two] = seen;
  t.like(one, {hostname: 'w1', os: 'debian', codename: 'trixie', version: '13', addresses: ['192.0.2.1', '10.0.0.1']});
  t.deepEqual(one?.interfaces, [
    {name: 'eth0', address: '192.0.2.1', prefix: 24},
    {name: 'eth0', address: '10.0.0.1', prefix: 24},
  ]);
  t.deepEqual(two?.interfaces, [{name: 'eth0', address: '2001:db8::2', prefix: 64}]);
});

test('a playbook that is only read gets placeholders, and no certificate', async (t) => {
  const {secret, authority} = placeholderContext(inventory);
  t.is(secret('a'), secret('b'));
  const {certificate, issue} = await authority();
  t.regex(certificate, /^-----BEGIN CERTIFICATE-----\n/);
  await t.throwsAsync(issue({names: ['a.example.org'], usage: 'server'}), {
    message: 'the placeholder of the authority cannot issue certificates',
  });
});

test('the topology of files is titled by both, and nothing is written next to them', async (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'infra-topology-'));
  t.teardown(() => rmSync(root, {recursive: true}));
  const [hosts, site] = [path.join(root, 'hosts.yml'), path.join(root, 'site.mjs')];
  writeFileSync(hosts, 'web: {hosts: {w1: {address: 192.0.2.1}}}\n');
  writeFileSync(
    site,
    `import {play, playbook} from 'infra';
export default playbook('shop', ({secret}) => [play('web', {hosts: 'web'}, [secret('x') && []])]);
`,
  );
  const {topology, missing} = await loadTopology(root, hosts, site);
  t.deepEqual([topology.title, missing], ['shop on hosts.yml', []]);
  t.deepEqual(readdirSync(root).sort(), ['hosts.yml', 'site.mjs']);
});
