import test from 'ava';
import {topologyOf} from '../../../src/renderers/graph/index.js';
import {listenersOf, SITE, SITE_SPECS, site} from './listeners.js';

/** The site without a shared address. */
const PLAIN = SITE.replace(/vars: .*\n/, '\n');

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
  const links = linksIn(topologyOf('site', listenersOf(PLAIN, SITE_SPECS)));
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

test('hosts that no play covers are outside, if they may connect to a host that one covers', (t) => {
  const from = [{group: 'web'}, {group: 'primary'}];
  const all = listenersOf(PLAIN, {
    lb: [{tcp: 6380, from, because: 'sessions'}],
    web: [{tcp: 80, from, because: 'none'}],
  });
  const isCovered = ({host}: (typeof all)[number]) => host.groups.includes('lb') || host.name === 'db1';
  const others = all.filter((each) => !isCovered(each)).map(({host}) => host);
  const {vertices, links} = topologyOf('site', all.filter(isCovered), others);
  t.deepEqual(
    vertices.map(({id, kind, title, lines}) => [id, kind, title, ...lines.map(({name}) => name)]),
    [
      ['others1', 'outside', 'web', 'web1', 'web2'],
      ['hosts1', 'hosts', 'lb', 'lb1', 'lb2'],
      ['hosts2', 'hosts', 'primary', 'db1'],
    ],
  );
  t.deepEqual(
    links.map(({from: source, to, entries}) => [source, to, ...entries.map(({ports}) => ports)]),
    [
      ['others1', 'hosts1', 'tcp 6380'],
      ['hosts2', 'hosts1', 'tcp 6380'],
    ],
  );
});

test('of hosts that no play covers, one that may connect alone is drawn alone', (t) => {
  const all = listenersOf(PLAIN, {lb: [{tcp: 6380, from: {host: 'web2'}, because: 'sessions'}]});
  const [lb1, ...others] = all;
  const {vertices} = topologyOf(
    'site',
    lb1 ? [lb1] : [],
    others.map(({host}) => host),
  );
  t.deepEqual(
    vertices.map(({lines}) => lines.map(({name}) => name).join(' ')),
    ['web2', 'lb1'],
  );
});

test('where all hosts are alike, their ports are drawn and not listed once', (t) => {
  const listeners = listenersOf('web: {hosts: {web1: {}, web2: {}}}', SITE_SPECS);
  const topology = topologyOf('site', listeners);
  t.deepEqual(topology.everywhere, []);
  t.deepEqual(linksIn(topology), ['clients -> web: tcp 22']);
});

test('without hosts, the topology is empty', (t) => {
  t.deepEqual(topologyOf('empty', []), {title: 'empty', vertices: [], links: [], everywhere: []});
});
