import test from 'ava';
import {topologyOf} from '../../../src/renderers/graph/index.js';
import {listenersOf, SITE, SITE_SPECS, site} from './listeners.js';

/** `from → to: ports`, with titles. */
function linksIn({vertices, links}: ReturnType<typeof site>): string[] {
  const title = (id: string) => vertices.find((each) => each.id === id)?.title;
  return links.map(({from, to, both, entries}) => {
    const ports = entries.map((entry) => entry.ports).join(', ');
    return `${title(from)} ${both ? '<->' : '->'} ${title(to)}${ports === '' ? '' : `: ${ports}`}`;
  });
}

test('the topology of a site leads from its clients over the shared address to its databases', (t) => {
  t.deepEqual(linksIn(site()), [
    'clients -> virtual address: tcp 80, 443',
    'virtual address -> lb',
    'lb <-> lb: protocol 112',
    'lb -> web: tcp 443',
    'web -> primary: tcp 3306',
    'web -> replica: tcp 3306',
    'primary <-> replica: tcp 3306',
  ]);
});

test('the shared address shows all its addresses', (t) => {
  const address = site().vertices.find(({kind}) => kind === 'address');
  t.deepEqual(
    address?.lines.map(({name}) => name),
    ['192.0.2.10', '2001:db8::10'],
  );
});

test('without a shared address, clients connect to the balancers', (t) => {
  const plain = SITE.replace(/vars: .*\n/, '\n');
  const links = linksIn(topologyOf('site', listenersOf(plain, SITE_SPECS)));
  t.true(links.includes('clients -> lb: tcp 80, 443'));
  t.false(links.some((link) => link.includes('virtual')));
});

test('ports that every host has open are listed once', (t) => {
  const {everywhere, vertices} = site();
  t.deepEqual(everywhere, [{ports: 'tcp 22', from: 'anyone', because: 'SSH'}]);
  t.false(vertices.some(({entries}) => entries.some(({ports}) => ports === 'tcp 22')));
});

test('ports that all hosts but one have open are drawn', (t) => {
  const {everywhere, vertices} = topologyOf('site', [
    ...listenersOf(SITE, SITE_SPECS),
    ...listenersOf('other: {hosts: {other1: {address: 192.0.2.99}}}', {}),
  ]);
  t.deepEqual(everywhere, []);
  t.true(vertices.find(({title}) => title === 'web')?.entries.some(({ports}) => ports === 'tcp 22'));
});

test('many hosts of a kind are shown as their number', (t) => {
  const inventory = (last: string) => `web: {hosts: {'web[1:${last}]': {}}}`;
  const lines = (last: string) => topologyOf('site', listenersOf(inventory(last), {})).vertices[0]?.lines;
  t.is(lines('8')?.length, 8);
  t.deepEqual(lines('12'), [{name: '12 hosts', detail: 'web1 … web12'}]);
});

test('a host that may connect alone, or has other ports open, is a vertex of its own', (t) => {
  const {vertices} = topologyOf(
    'site',
    listenersOf(SITE, {...SITE_SPECS, primary: [{tcp: 9100, from: {host: 'web2'}, because: 'metrics'}]}),
  );
  const names = vertices.filter(({kind}) => kind === 'hosts').map(({lines}) => lines.map(({name}) => name).join(' '));
  t.deepEqual(names, ['lb1 lb2', 'web1', 'web2', 'db1', 'db2']);
});

test('a network is a vertex of its own, once', (t) => {
  const from = {network: '10.0.0.0/8'};
  const {vertices, links} = topologyOf(
    'site',
    listenersOf(SITE, {web: [{tcp: 443, from, because: 'office'}], primary: [{udp: 53, from, because: 'names'}]}),
  );
  const networks = vertices.filter(({kind}) => kind === 'outside');
  t.deepEqual(
    networks.map(({lines}) => lines),
    [[{name: '10.0.0.0/8', detail: ''}]],
  );
  t.is(links.filter((link) => link.from === networks[0]?.id).length, 2);
});

test('without hosts, the topology is empty', (t) => {
  t.deepEqual(topologyOf('empty', []), {title: 'empty', vertices: [], links: [], everywhere: []});
});
