import type {Audience, Host, Opening} from '../../model/index.js';
import {type FoundLink, joinLinks} from './join-links.js';
import type {Link, OpenPorts, Topology, Vertex, VertexLine} from './topology.js';

/** A host, and the openings that its roles listen on. */
export interface ListeningHost {
  readonly host: Host;
  readonly openings: readonly Opening[];
}

/**
 * The topology that follows from what hosts listen on. Hosts of the same groups with the same openings are one vertex.
 * `others`: the other hosts of the inventory; those that may connect to a listener are drawn as outside ones.
 */
export function topologyOf(title: string, listeners: readonly ListeningHost[], others: readonly Host[] = []): Topology {
  const common = commonOpenings(listeners);
  const own = listeners.map(({host, openings}) => ({host, openings: openings.filter((each) => !has(common, each))}));
  const named = new Set(own.flatMap(({openings}) => openings.flatMap(hostsNamed)));
  const kinds = kindsOf(own, named, 'hosts');
  const uncovered = kindsOf(
    others.map((host) => ({host, openings: []})),
    named,
    'others',
  );
  const {outside, addresses, links} = linksOf(kinds, uncovered);
  const clients = uncovered.filter(({id}) => links.some(({from}) => from === id)).map(vertexOf);
  const vertices = [
    ...outside,
    ...clients.map((client) => ({...client, kind: 'outside' as const})),
    ...addresses,
    ...kinds.map(vertexOf),
  ];
  return {title, vertices, links, everywhere: common.map(openPortsOf)};
}

/** The openings that all hosts have. None if all hosts are alike: nothing would be left to draw. */
function commonOpenings(listeners: readonly ListeningHost[]): readonly Opening[] {
  const [first, ...others] = kindsOf(listeners, new Set(), '');
  if (first === undefined || others.length === 0) return [];
  return first.openings.filter((opening) => others.every(({openings}) => has(openings, opening)));
}

function has(openings: readonly Opening[], opening: Opening): boolean {
  return openings.some((each) => JSON.stringify(each) === JSON.stringify(opening));
}

function vertexOf({id, hosts, openings}: Kind): Vertex {
  const groups = hosts[0]?.groups.filter((name) => name !== 'all') ?? [];
  const title = groups.join(' · ') || 'no group';
  return {id, kind: 'hosts', title, lines: linesOf(hosts), entries: openings.map(openPortsOf)};
}

/** More hosts than this are shown as their number. */
const MOST_HOSTS = 8;

function linesOf(hosts: readonly Host[]): readonly VertexLine[] {
  const ends = `${hosts[0]?.name} … ${hosts.at(-1)?.name}`;
  if (hosts.length > MOST_HOSTS) return [{name: `${hosts.length} hosts`, detail: ends}];
  return hosts.map(({name, address}) => ({name, detail: name === address ? '' : address}));
}

/** Hosts that are alike: in the same groups, with the same openings, named by the same audiences. */
export interface Kind {
  readonly id: string;
  readonly hosts: readonly Host[];
  readonly openings: readonly Opening[];
}

/** The kinds of hosts, in the order of their first hosts. `named`: hosts that audiences name; `prefix`: of the ids. */
function kindsOf(listeners: readonly ListeningHost[], named: ReadonlySet<string>, prefix: string): readonly Kind[] {
  const kinds = new Map<string, ListeningHost[]>();
  for (const each of listeners) {
    const {groups, vars, name} = each.host;
    const look = JSON.stringify([groups, each.openings, vars.virtualAddress ?? '', named.has(name) ? name : '']);
    kinds.set(look, [...(kinds.get(look) ?? []), each]);
  }
  return [...kinds.values()].map((same, index) => {
    return {id: `${prefix}${index + 1}`, hosts: same.map(({host}) => host), openings: same[0]?.openings ?? []};
  });
}

/** The hosts that an audience names: they may connect where others of their groups may not. */
function hostsNamed({from}: Opening): readonly string[] {
  return from.flatMap((audience) => (typeof audience === 'object' && 'host' in audience ? [audience.host] : []));
}

/** Clients and networks that may connect, the addresses that balancers share, and who may connect to what. */
interface FoundLinks {
  readonly outside: readonly Vertex[];
  readonly addresses: readonly Vertex[];
  readonly links: readonly Link[];
}

/**
 * Clients reach balancers that share an address at that address. A single host is not linked with itself. `uncovered`
 * may connect, and are connected to by no one.
 */
function linksOf(kinds: readonly Kind[], uncovered: readonly Kind[]): FoundLinks {
  const outside = new Map<string, Vertex>();
  const addresses = new Map<string, Vertex>();
  const found = kinds.flatMap((kind) => {
    const shared = sharedAddress(kind, addresses)?.id;
    const lead = shared === undefined ? [] : [{from: shared, to: kind.id, entries: []}];
    const toKind = (opening: Opening, audience: Audience): FoundLink[] => {
      const to = (audience === 'any' ? shared : undefined) ?? kind.id;
      const entries = [openPortsOf({...opening, from: [audience]})];
      const sources = sourcesOf(audience, [...kinds, ...uncovered], outside).filter(
        (id) => id !== kind.id || kind.hosts.length > 1,
      );
      return sources.map((from) => ({from, to, entries}));
    };
    return [...lead, ...kind.openings.flatMap((opening) => opening.from.flatMap((each) => toKind(opening, each)))];
  });
  const vertices = {outside: [...outside.values()], addresses: [...addresses.values()]};
  const ids = [...vertices.outside, ...uncovered, ...vertices.addresses, ...kinds].map(({id}) => id);
  return {...vertices, links: joinLinks(found, ids)};
}

/** The vertex of the `virtualAddress` that the inventory gives to the hosts of `lb`. */
function sharedAddress({hosts: [host]}: Kind, addresses: Map<string, Vertex>): Vertex | undefined {
  const shared = host?.groups.includes('lb') ? [host.vars.virtualAddress ?? []].flat().map(String) : [];
  if (shared.length === 0) return undefined;
  return remember(addresses, shared, (count) => `address${count}`, {kind: 'address', title: 'virtual address'});
}

function sourcesOf(audience: Audience, kinds: readonly Kind[], outside: Map<string, Vertex>): readonly string[] {
  if (audience === 'any') return [remember(outside, [], () => 'clients', {kind: 'outside', title: 'clients'}).id];
  if ('network' in audience) {
    const look = {kind: 'outside', title: 'network'} as const;
    return [remember(outside, [audience.network], (count) => `network${count}`, look).id];
  }
  const isMeant = ({name, groups}: Host) =>
    'group' in audience ? groups.includes(audience.group) : name === audience.host;
  return kinds.filter(({hosts}) => hosts.some(isMeant)).map(({id}) => id);
}

/** The vertex with these lines, created if there is none yet. */
function remember(
  known: Map<string, Vertex>,
  names: readonly string[],
  idOf: (count: number) => string,
  look: Pick<Vertex, 'kind' | 'title'>,
): Vertex {
  const key = names.join(' ');
  const lines = names.map((name) => ({name, detail: ''}));
  const vertex = known.get(key) ?? {id: idOf(known.size + 1), ...look, lines, entries: []};
  known.set(key, vertex);
  return vertex;
}

/** An opening in words: `tcp 80, 443`, or `protocol 112`, which has no ports. */
function openPortsOf({listens, ports, from, because}: Opening): OpenPorts {
  const name = typeof listens === 'string' ? `${listens} ${ports.join(', ')}` : `protocol ${listens.protocol}`;
  const names = new Set(from.map(audienceName));
  return {ports: name, from: [...names].join(', '), because};
}

function audienceName(audience: Audience): string {
  if (audience === 'any') return 'anyone';
  if ('group' in audience) return audience.group;
  return 'host' in audience ? audience.host : audience.network;
}
