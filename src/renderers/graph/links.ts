import type {Audience, Host, Opening} from '../../model/index.js';
import {entryOf} from './entry.js';
import {type FoundLink, joinLinks} from './join-links.js';
import type {Kind} from './kinds.js';
import type {Link, Vertex} from './topology.js';

/** Those outside who may connect, the addresses that balancers share, and who may connect to whom. */
export interface Links {
  readonly outside: readonly Vertex[];
  readonly addresses: readonly Vertex[];
  readonly links: readonly Link[];
}

/** Everybody reaches balancers that share an address by that address. A single host is not linked with itself. */
export function linksOf(kinds: readonly Kind[]): Links {
  const outside = new Map<string, Vertex>();
  const addresses = new Map<string, Vertex>();
  const found = kinds.flatMap((kind) => {
    const shared = sharedAddress(kind, addresses)?.id;
    const lead = shared === undefined ? [] : [{from: shared, to: kind.id, entries: []}];
    const toKind = (opening: Opening, audience: Audience): FoundLink[] => {
      const to = (audience === 'any' ? shared : undefined) ?? kind.id;
      const entries = [entryOf({...opening, from: [audience]})];
      const sources = sourcesOf(audience, kinds, outside).filter((id) => id !== kind.id || kind.hosts.length > 1);
      return sources.map((from) => ({from, to, entries}));
    };
    return [...lead, ...kind.openings.flatMap((opening) => opening.from.flatMap((each) => toKind(opening, each)))];
  });
  const vertices = {outside: [...outside.values()], addresses: [...addresses.values()]};
  const ids = [...vertices.outside, ...vertices.addresses, ...kinds].map(({id}) => id);
  return {...vertices, links: joinLinks(found, ids)};
}

/** The vertex of a `virtualAddress` that the inventory gives to the hosts of `lb`. */
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

/** The vertex with these lines, made where there is none yet. */
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
